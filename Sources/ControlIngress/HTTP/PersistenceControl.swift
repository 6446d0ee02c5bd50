/// What requests may ask of the writer. Both functions answer within `timeout` or soon after it, also when the writer
/// is being stopped: a request that waits holds up the end of the HTTP server.
public protocol PersistenceControl: Sendable {
  /// Until everything up to `sequence` is durable.
  func waitUntilStored(_ sequence: UInt64, timeout: Duration) async -> StoreWait
  /// Stores now what is unsaved, and waits for it.
  func flush(timeout: Duration) async -> FlushWait
}

public enum StoreWait: Sendable, Equatable {
  /// The generation that holds the sequence, or a newer one.
  case stored(generation: Int64)
  case timedOut
  /// The writer has ended without storing it.
  case stopped
}

public enum FlushWait: Sendable, Equatable {
  /// Everything accepted up to `sequence` is durable; the generation is nil when nothing was ever stored.
  case stored(sequence: UInt64, generation: Int64?, nothingPending: Bool)
  case timedOut(sequence: UInt64)
  case stopped(sequence: UInt64)
}
