public import GenerationStore
public import PersistenceMessages
public import PersistencePipeline

/// The store as the writer uses it, with the record of this run: how it ended is noted before the store is closed.
public final class SessionStore: SnapshotStore {
  private let failover: FailoverStore
  private let run: Int64?
  private var hasFailed = false

  /// - Parameter run: this run's number; nil when it could not be noted.
  init(_ failover: FailoverStore, run: Int64?) {
    self.failover = failover
    self.run = run
  }

  /// Where marks are set: in the folder that is used now.
  public var generations: GenerationStore { failover.current }
  /// Where this run is noted.
  public var home: GenerationStore { failover.home }

  public func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration {
    hasFailed = true
    let stored = try failover.store(snapshot, requests: requests)
    hasFailed = false
    return stored
  }

  public func rest(idleFor: Duration) { failover.rest(idleFor: idleFor) }

  public var facts: StoreFacts { failover.facts }

  public func close() throws(StoreFailure) {
    var failure: StoreFailure?
    if let run {
      do throws(StoreFailure) {
        try failover.home.endRun(run, ending: hasFailed ? .unsaved : .clean)
      } catch {
        // Of a folder that had to be left nothing else is to be expected.
        if !failover.isInSecondFolder { failure = error }
      }
    }
    try failover.close()
    if let failure { throw failure }
  }
}
