import GenerationStore
import PersistenceMessages
import PersistencePipeline

/// The generation store as the writer uses it, with the record of this run: how it ended is noted before the store is
/// closed.
final class HostStore: SnapshotStore {
  let generations: GenerationStore
  private let run: Int64?
  private var hasFailed = false

  /// - Parameter run: this run's number; nil when it could not be noted.
  init(_ generations: GenerationStore, run: Int64?) {
    self.generations = generations
    self.run = run
  }

  func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration {
    hasFailed = true
    let stored = try generations.store(snapshot, requests: requests)
    hasFailed = false
    return stored
  }

  func rest(idleFor: Duration) { generations.rest(idleFor: idleFor) }

  var facts: StoreFacts { generations.facts }

  func close() throws(StoreFailure) {
    var failure: StoreFailure?
    if let run {
      do throws(StoreFailure) {
        try generations.endRun(run, ending: hasFailed ? .unsaved : .clean)
      } catch {
        failure = error
      }
    }
    try generations.close()
    if let failure { throw failure }
  }
}
