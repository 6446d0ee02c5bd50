public import PersistenceMessages

/// What requests may ask of the writer; the host's `PersistenceWriter` answers.
public protocol PersistenceControl: Sendable {
  /// Waits until everything up to `sequence` is durable. Answers within `timeout` or soon after it, also when the writer is
  /// being stopped: a request that waits holds up the end of the HTTP server.
  func waitUntilStored(_ sequence: UInt64, timeout: Duration) async -> StoreWait
  /// Stores now what is unsaved, and waits for it as ``waitUntilStored(_:timeout:)`` does.
  func flush(timeout: Duration) async -> StoreWait
  /// The writer's condition now. Never waits.
  func status() -> PersistenceStatus
}
