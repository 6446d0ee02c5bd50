public import Documents

/// The durable state at one sequence, as the writer stores it. Immutable; holding one costs as much as holding the state.
public final class PersistenceSnapshot: Sendable {
  public let source: any DocumentSource
  /// The newest request that this snapshot fulfils; `request.sequence` is the snapshot's sequence.
  public let request: PersistenceRequest
  /// How many durable mutations the process had accepted with this one: the difference between two snapshots is the
  /// number of requests that were coalesced between them.
  public let requestCount: UInt64

  public init(source: any DocumentSource, request: PersistenceRequest, requestCount: UInt64) {
    self.source = source
    self.request = request
    self.requestCount = requestCount
  }

  public convenience init(state: some DurableState, request: PersistenceRequest, requestCount: UInt64) {
    self.init(source: StateDocuments(state), request: request, requestCount: requestCount)
  }

  public var sequence: UInt64 { request.sequence }

  /// The state; nil when it is of another type.
  public func state<State: DurableState>(as type: State.Type) -> State? {
    (source as? StateDocuments<State>)?.state
  }
}
