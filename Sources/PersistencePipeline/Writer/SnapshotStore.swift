public import PersistenceMessages

/// Where snapshots go. Used by the writer's thread only, one call at a time.
public protocol SnapshotStore: AnyObject, SendableMetatype {
  /// Stores the snapshot as one whole generation, durably, or not at all.
  ///
  /// - Parameter requests: how many requests this store fulfils.
  func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration

  /// Housekeeping while nothing is pending; called at most once a second.
  ///
  /// - Parameter idleFor: time since the last store.
  func rest(idleFor: Duration)

  /// Sizes and counts as of the last call; no I/O.
  var facts: StoreFacts { get }

  /// The last call.
  func close() throws(StoreFailure)
}
