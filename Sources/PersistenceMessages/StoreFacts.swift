public import Documents

/// Sizes and counts of the store after its last use, for health and metrics.
public struct StoreFacts: Sendable, Equatable {
  public struct Ring: Sendable, Equatable {
    /// All generations in the database.
    public var count: Int
    /// The number of newest generations that the ring keeps.
    public var capacity: Int
    public var pinned: Int
    /// Generations that are marked as suspect, because starts with them crashed.
    public var suspect = 0
    public var oldest: Int64?
    public var newest: Int64?

    public init(count: Int, capacity: Int, pinned: Int, oldest: Int64?, newest: Int64?) {
      self.count = count
      self.capacity = capacity
      self.pinned = pinned
      self.oldest = oldest
      self.newest = newest
    }
  }

  /// The second folder is in use because the first one can't be written.
  public struct Failover: Sendable, Equatable {
    public var folder: String
    /// The failure of the first folder.
    public var cause: StoreFailure

    public init(folder: String, cause: StoreFailure) {
      self.folder = folder
      self.cause = cause
    }
  }

  public var walBytes: Int64
  public var databaseBytes: Int64
  public var ring: Ring
  /// The newest generation that is marked as proven.
  public var provenGeneration: Int64?
  /// Programs, with their PIDs, whose open read transaction prevents the log from being emptied.
  public var walPinnedBy: [String] = []
  /// The generation that holds the newest stored state in the folder in use. After a failover, or when the state had to
  /// be stored again, it differs from the generation that was reported first. Nil until something was stored.
  public var stored: StoredGeneration?
  /// Nil while the first folder is in use.
  public var failover: Failover?
  /// Parts that the newest store could not include; empty in a healthy show.
  public var heldBack: [HeldBack] = []
  /// The failure of the last housekeeping; nil if it succeeded.
  public var trouble: StoreFailure?
  /// Whether the newest stored state is no longer known to be on disk, for example because its files vanished and can't
  /// be created again.
  public var isHomeless = false

  /// Size of the log, in bytes, that raises an alarm: four times its size under the busiest show without readers.
  public static let walAlarmBytes: Int64 = 16 << 20

  public var isWALAlarming: Bool { walBytes >= Self.walAlarmBytes }

  public init(walBytes: Int64, databaseBytes: Int64, ring: Ring, provenGeneration: Int64?) {
    self.walBytes = walBytes
    self.databaseBytes = databaseBytes
    self.ring = ring
    self.provenGeneration = provenGeneration
  }
}
