import PersistenceMessages
import PersistencePipeline

/// A store without a disk, for measuring what lies before it. It counts stores and remembers which sequence was stored.
final class IdleStore: SnapshotStore, Sendable {
  private let onStore: @Sendable (_ sequence: UInt64) -> Void

  init(onStore: @escaping @Sendable (_ sequence: UInt64) -> Void = { _ in }) {
    self.onStore = onStore
  }

  func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration {
    onStore(snapshot.sequence)
    return StoredGeneration(
      generation: Int64(snapshot.sequence), sequence: snapshot.sequence, bytes: 0, storedAtUnixMs: 0,
      isKeyframe: false)
  }

  func rest(idleFor: Duration) {}

  var facts: StoreFacts {
    StoreFacts(
      walBytes: 0, databaseBytes: 0, ring: .init(count: 0, capacity: 64, pinned: 0, oldest: nil, newest: nil),
      provenGeneration: nil)
  }

  func close() throws(StoreFailure) {}
}
