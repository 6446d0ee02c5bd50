public import LiveRuntime

/// Called with all mutations of a batch, and whether the coordinator performed all of them or none. Runs on the
/// mutating thread, so it must be as cheap as an atomic addition.
public typealias MutationCount = @Sendable (_ mutations: [Mutation], _ isPerformed: Bool) -> Void
