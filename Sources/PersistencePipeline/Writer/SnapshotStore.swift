public import PersistenceMessages

/// Stores snapshots. Called by the writer's thread only, one call at a time.
public protocol SnapshotStore: AnyObject, SendableMetatype {
  /// Durably stores the snapshot as one complete generation, or not at all.
  ///
  /// - Parameter requests: the number of requests that this store fulfils.
  func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration

  /// Housekeeping while nothing is pending; called at most once a second.
  ///
  /// - Parameter idleFor: time since the last store.
  func rest(idleFor: Duration)

  /// Sizes and counts after the last call; no I/O.
  var facts: StoreFacts { get }

  /// The last call.
  func close() throws(StoreFailure)
}
