import Concurrency
public import DurableFiles
import GenerationStore
public import PersistenceMessages
public import SQLiteConnection

/// How a session stores and restores. The defaults are those of `afterimage-host`.
public struct SessionOptions: Sendable {
  /// What others read of who holds the folder.
  public var program = "afterimage-session"
  /// Folders that the program keeps in the data folder; they are made, with mode 0700. One that
  /// can't be made is a notice.
  public var folders: [String] = []
  /// A folder on another disk to store in while the first one takes nothing; nil for none.
  public var secondFolder: String?
  /// Newest generations that are kept, from 8 on.
  public var ring = 64
  /// Quiet time before a store.
  public var debounce = Duration.milliseconds(250)
  /// Longest wait of a change for its store.
  public var maxDelay = Duration.seconds(2)
  /// `full`: every stored generation survives a power loss. `normal`: the newest ones may not.
  public var durability = Durability.full
  /// How long the program must run on after a generation was current until that counts as proven.
  public var provingTime = Duration.seconds(30)
  /// Unclean ends in a row within the proving time that make the next start load the newest proven generation; 0: never.
  public var crashLoopLimit = 3
  /// Whether NFS, SMB, 9p and FUSE are accepted, where locks and syncs may lie.
  public var allowsUnsafeFileSystem = false
  /// Hears, in one sentence each, what an operator should know. Any thread; must return soon.
  public var notice: @Sendable (String) -> Void = { _ in }
  /// Hears of everything that the writer does, on its thread; must return soon.
  public var observe: @Sendable (PersistenceObservation, PersistenceStatus) -> Void = { _, _ in }
  /// Hears of everything that happens besides storing. Any thread; must return soon.
  public var event: @Sendable (SessionEvent) -> Void = { _ in }
  /// Names the boot of the machine, so that an end by power loss does not count as a crash; nil when it is not known.
  public var boot = BootID.current
  /// Another process that uses the folder, although it does not hold the lock file: somebody may have deleted that. Nil
  /// when there is none. Called with the folder, once this process has the lock.
  public var otherHolder: @Sendable (String) -> FolderLock.Holder? = { _ in nil }
  /// How long a start may search the pages of a damaged database; a longer search goes on in the background.
  public var salvageBudget = Duration.seconds(2)
  /// The name of a SQLite VFS that fails or stalls on purpose; nil for the system's. For tests.
  package var vfs: String?
  /// Clocks and sleep.
  public var time = SessionTime.system

  public init() {}
}

/// The time as a session sees it. Tests and simulations bring their own.
public struct SessionTime: Sendable {
  /// Monotonic time; deadlines are made of it.
  public var uptime: @Sendable () -> Duration
  /// Wall clock, milliseconds since 1970: labels only.
  public var unixMilliseconds: @Sendable () -> Int64
  /// Returns when the time has passed, or the task is cancelled.
  public var sleep: @Sendable (Duration) async -> Void

  public init(
    uptime: @escaping @Sendable () -> Duration, unixMilliseconds: @escaping @Sendable () -> Int64,
    sleep: @escaping @Sendable (Duration) async -> Void
  ) {
    self.uptime = uptime
    self.unixMilliseconds = unixMilliseconds
    self.sleep = sleep
  }

  public static let system = SessionTime(
    uptime: MonotonicClock.now, unixMilliseconds: WallClock.unixMilliseconds,
    sleep: { try? await Task.sleep(for: $0) })
}
