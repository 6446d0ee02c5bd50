public import Documents

/// Sizes and counts of the store as of its last use: what health and metrics show of it.
public struct StoreFacts: Sendable, Equatable {
  public struct Ring: Sendable, Equatable {
    /// Generations that are kept, for whatever reason.
    public var count: Int
    /// Newest generations that are kept at least.
    public var capacity: Int
    public var pinned: Int
    /// Generations on which the host ended badly, again and again.
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

  /// The second folder is used because the first one took nothing any more.
  public struct Failover: Sendable, Equatable {
    public var folder: String
    /// What the first folder failed with.
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
  /// Programs, with their PIDs, whose open read keeps the log from being emptied; empty when none does.
  public var walPinnedBy: [String] = []
  /// Where the newest state that was reported as stored lies now, in the folder that is used: after a failover, or when
  /// it had to be stored again, another generation than the one that was reported. Nil until something was stored.
  public var stored: StoredGeneration?
  /// Nil while the first folder is used.
  public var failover: Failover?
  /// Places that the newest store had to leave out; empty in a healthy show.
  public var heldBack: [HeldBack] = []
  /// What the last call ran into; nil when it went well.
  public var trouble: StoreFailure?
  /// Whether the newest state that was reported as stored is not known to be on disk now, as when its files vanished and
  /// can't be made anew.
  public var isHomeless = false

  /// Bytes of the log from which on it is an alarm: four times what the busiest show leaves when nobody holds it.
  public static let walAlarmBytes: Int64 = 16 << 20

  public var isWALAlarming: Bool { walBytes >= Self.walAlarmBytes }

  public init(walBytes: Int64, databaseBytes: Int64, ring: Ring, provenGeneration: Int64?) {
    self.walBytes = walBytes
    self.databaseBytes = databaseBytes
    self.ring = ring
    self.provenGeneration = provenGeneration
  }
}
