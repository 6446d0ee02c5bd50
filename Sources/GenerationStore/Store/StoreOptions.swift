public import Documents
package import DurableFiles
public import PersistenceMessages

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a generation store works. The numbers are those of docs/on-disk-format.md.
public struct StoreOptions: Sendable {
  /// How documents become states.
  public var reading: DocumentReading
  /// The data folder; it is created with mode 0700 when it is missing.
  public var folder: String
  /// Whether NFS, SMB, 9p and FUSE are accepted.
  public var allowsUnsafeFileSystem = false
  public var retention = RetentionPolicy()
  /// Pins at most: each one holds the pages of a whole state.
  public var pinLimit = 32
  /// Bytes of the database in use beyond which old generations go before their time.
  public var byteBound: Int64 = 256 << 20
  /// Generation numbers from one keyframe to the next at most.
  public var keyframeInterval: Int64 = 32
  public var durability = Durability.full
  /// Milliseconds that a call waits for a lock; bounds what a store adds to the writer's own retries.
  public var busyTimeoutMilliseconds: Int32 = 250
  /// Which boot of the machine this is (``BootID``): noted with the runs. Nil when the system does not tell.
  public var boot: String?
  /// How long a start, or a store that finds damage, may look for rows in the pages of a damaged database.
  public var salvageBudget = Duration.seconds(2)
  /// Monotonic time, for ``salvageBudget``.
  public var uptime: @Sendable () -> Duration = { Self.systemUptime() }
  /// Milliseconds since 1970: labels only.
  public var wallClock: @Sendable () -> Int64
  /// Hears, in one sentence each, what the operator should know and what is no failure of a store: a database that was
  /// moved to quarantine, made anew, lies on a doubtful file system. Called on the thread that uses the store.
  public var notice: @Sendable (String) -> Void = { _ in }

  /// Makes sure that the folder which lies at the path now is this process's, before anything is written into it: it
  /// may have been moved, replaced or made anew. Called before each opening and at rest, on the thread that uses the
  /// store; throws while the folder is somebody else's.
  public var claimFolder: @Sendable () throws(StoreFailure) -> Void = {}

  /// Puts the bytes in the place of the file at the path, durably; for tests that record what that does to the disk.
  package var replaceFile: @Sendable (String, [UInt8]) -> Result<Void, FileFailure> = { path, bytes in
    Result { () throws(FileFailure) in try DurableFile.replace(path, with: bytes) }
  }

  /// The sequence of the newest state that this process holds and will store again if it is not found; nil at a start.
  var newestInMemory: UInt64?

  /// Name of the SQLite VFS, for tests that record or fail what SQLite does to its files; nil for the system's.
  package var vfs: String?

  public init(
    _ reading: DocumentReading, folder: String,
    wallClock: @escaping @Sendable () -> Int64 = { Self.systemWallClock() }
  ) {
    self.reading = reading
    self.folder = folder
    self.wallClock = wallClock
  }

  public static func systemWallClock() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UTCTime.unixMilliseconds(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  public static func systemUptime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }

  /// Longest text that the writer takes: a layer of 4,096 parameters of 4 KB.
  static let longestText: Int32 = 32 << 20
}
