public import Documents

/// The durable state at one sequence, as the writer stores it. Immutable. Holding a snapshot retains the state.
public final class PersistenceSnapshot: Sendable {
  public let source: any DocumentSource
  /// The newest request that this snapshot fulfils; `request.sequence` is the snapshot's sequence.
  public let request: PersistenceRequest
  /// The number of durable mutations that the process had accepted, including this one. The difference between two
  /// snapshots is the number of requests that were coalesced between them.
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

  /// The state; nil if it has another type.
  public func state<State: DurableState>(as type: State.Type) -> State? {
    (source as? StateDocuments<State>)?.state
  }
}
