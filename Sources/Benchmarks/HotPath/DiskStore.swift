import GenerationStore
import PersistenceMessages
import PersistencePipeline

/// The generation store as the writer uses it, without the host's record of runs.
final class DiskStore: SnapshotStore {
  private let generations: GenerationStore

  init(_ generations: GenerationStore) {
    self.generations = generations
  }

  func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration {
    try generations.store(snapshot, requests: requests)
  }

  func rest(idleFor: Duration) { generations.rest(idleFor: idleFor) }

  var facts: StoreFacts { generations.facts }

  func close() throws(StoreFailure) { try generations.close() }
}
