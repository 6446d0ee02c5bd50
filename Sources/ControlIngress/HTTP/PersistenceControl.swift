public import PersistenceMessages

/// Access to the writer for HTTP requests; `PersistenceWriter` implements it.
public protocol PersistenceControl: Sendable {
  /// Waits until everything up to `sequence` is durable. Returns within `timeout` or shortly after it, even while the
  /// writer is being stopped, because a waiting request delays the end of the HTTP server.
  func waitUntilStored(_ sequence: UInt64, timeout: Duration) async -> StoreWait
  /// Stores unsaved changes at once, and waits as ``waitUntilStored(_:timeout:)`` does.
  func flush(timeout: Duration) async -> StoreWait
  /// The writer's condition now. Never waits.
  func status() -> PersistenceStatus
}
