public import LiveRuntime

/// Told of all mutations of a batch, and whether the coordinator performed them or refused them all; on the thread that
/// asked for them, so it must be as cheap as an atomic addition.
public typealias MutationCount = @Sendable (_ mutations: [Mutation], _ isPerformed: Bool) -> Void
