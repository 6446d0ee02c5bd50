public import StudioState

/// The durable state at one sequence, as the writer stores it. Immutable; holding one costs nothing.
public final class PersistenceSnapshot: Sendable {
  public let state: StudioState
  /// The newest request that this snapshot fulfils; `request.sequence` is the snapshot's sequence.
  public let request: PersistenceRequest
  /// How many durable mutations the process had accepted with this one: the difference between two snapshots is the
  /// number of requests that were coalesced between them.
  public let requestCount: UInt64

  public init(state: StudioState, request: PersistenceRequest, requestCount: UInt64) {
    self.state = state
    self.request = request
    self.requestCount = requestCount
  }

  public var sequence: UInt64 { request.sequence }
}
