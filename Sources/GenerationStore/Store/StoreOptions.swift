public import Concurrency
public import Documents
package import DurableFiles
public import PersistenceMessages
public import SQLiteConnection

/// The settings of a generation store. The numbers are explained in docs/on-disk-format.md.
public struct StoreOptions: Sendable {
  /// Builds states from documents.
  public var reading: DocumentReading
  /// The data folder; created with mode 0700 if it is missing.
  public var folder: String
  /// Whether NFS, SMB, 9p and FUSE are accepted.
  public var allowsUnsafeFileSystem = false
  public var retention = RetentionPolicy()
  /// Most pins: each holds the pages of a whole state.
  public var pinLimit = 32
  /// Size of the database in use, in bytes, beyond which old generations are pruned early.
  public var byteBound: Int64 = 256 << 20
  /// Most generation numbers between two keyframes.
  public var keyframeInterval: Int64 = 32
  public var durability = Durability.full
  /// Milliseconds that a call waits for a lock; bounds what a store adds to the writer's own retries.
  public var busyTimeoutMilliseconds: Int32 = 250
  /// The current boot of the machine (``BootID``), recorded with the runs. Nil if the system does not report it.
  public var boot: String?
  /// The longest time that a start, or a store that finds damage, searches the pages of a damaged database for rows.
  public var salvageBudget = Duration.seconds(2)
  /// Monotonic time, for ``salvageBudget``.
  public var uptime: @Sendable () -> Duration = MonotonicClock.now
  /// Wall clock, milliseconds since 1970; used for labels only.
  public var wallClock: @Sendable () -> Int64
  /// Called with one sentence for each notice to the operator that is not a failure of a store: a database was moved to
  /// quarantine or created, or is on an unsuitable file system. Runs on the thread that uses the store.
  public var notice: @Sendable (String) -> Void = { _ in }

  /// Ensures that this process holds the lock of the folder that is at the path now, which may have been moved,
  /// replaced or created again. Called before each opening and at rest, on the thread that uses the store. Throws while
  /// another process holds the lock.
  public var claimFolder: @Sendable () throws(StoreFailure) -> Void = {}

  /// Durably replaces the file at the path; tests use it to record the effects on the disk.
  package var replaceFile: @Sendable (String, [UInt8]) -> Result<Void, FileFailure> = { path, bytes in
    Result { () throws(FileFailure) in try DurableFile.replace(path, with: bytes) }
  }

  /// The sequence of the newest state in this process's memory, which is stored again if the database lacks it; nil at
  /// a start.
  var newestInMemory: UInt64?

  /// The name of the SQLite VFS, for tests that record or fail SQLite's file operations; nil for the system's.
  package var vfs: String?

  public init(
    _ reading: DocumentReading, folder: String,
    wallClock: @escaping @Sendable () -> Int64 = WallClock.unixMilliseconds
  ) {
    self.reading = reading
    self.folder = folder
    self.wallClock = wallClock
  }

  /// Longest text that the writer accepts, in bytes: a document of 4,096 values of 4 KB.
  static let longestText: Int32 = 32 << 20
}
