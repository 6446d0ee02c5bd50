package import DurableFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where the database's files lie, and which files they are.
///
/// Inside a process that has the database open nothing but SQLite may open and close them: closing any descriptor of a
/// file drops all of the process's POSIX locks on it, and a second writer gets in. Here they are only created (when they
/// do not exist, so that nobody can hold a lock on them), looked at with `stat` and renamed.
package struct DatabaseFiles: Sendable, Equatable {
  /// Without links and without a slash at the end.
  package let folder: String
  /// The database's file name; another one than `state.db` for copies that are only read.
  package let name: String

  package var database: String { "\(folder)/\(name)" }
  package var log: String { "\(database)-wal" }
  package var sharedMemory: String { "\(database)-shm" }
  /// The other files of the folder.
  package var layout: DataFolderLayout { DataFolderLayout(folder) }

  package init(folder: String) {
    self.folder = folder
    name = DataFolderLayout.databaseName
  }

  /// Those of the database at `path`.
  package init(naming path: String) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    folder = slash.map { String(path[..<$0]) } ?? "."
    name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  /// Nil when `folder` does not exist.
  package init?(resolving folder: String) {
    guard let resolved = realpath(folder, nil) else { return nil }
    defer { free(resolved) }
    self.init(folder: String(cString: resolved))
  }

  /// Which file a path leads to; nil when there is none.
  package struct Identity: Sendable, Equatable {
    package var device: UInt64
    package var inode: UInt64
  }

  /// The folder and the three files, at one moment.
  package struct Place: Sendable, Equatable {
    package var folder: Identity?
    package var database: Identity?
    package var log: Identity?
    package var sharedMemory: Identity?

    /// What is no longer what it was, in words; nil when nothing has changed.
    package func change(since earlier: Place) -> String? {
      if folder != earlier.folder { return "the data folder was moved, deleted or replaced" }
      if database != earlier.database { return "state.db was moved, deleted or replaced" }
      if log != earlier.log { return "state.db-wal was moved, deleted or replaced" }
      if sharedMemory != earlier.sharedMemory { return "state.db-shm was moved, deleted or replaced" }
      return nil
    }
  }

  package var place: Place {
    Place(
      folder: Self.identity(of: folder), database: Self.identity(of: database), log: Self.identity(of: log),
      sharedMemory: Self.identity(of: sharedMemory))
  }

  /// In bytes, at one moment; 0 for a file that is not there.
  package struct Sizes: Sendable, Equatable {
    package var database: Int64
    package var log: Int64

    package init(database: Int64 = 0, log: Int64 = 0) {
      self.database = database
      self.log = log
    }

    /// What became smaller, in words; nil when nothing did.
    package func cut(since earlier: Sizes) -> String? {
      if database < earlier.database { return "state.db was cut off" }
      return log < earlier.log ? "state.db-wal was cut off" : nil
    }
  }

  package var sizes: Sizes { Sizes(database: Self.size(of: database) ?? 0, log: Self.size(of: log) ?? 0) }

  package static func identity(of path: String) -> Identity? {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return nil }
    return Identity(device: UInt64(facts.st_dev), inode: UInt64(facts.st_ino))
  }

  /// Nil when there is no such file.
  package static func size(of path: String) -> Int64? {
    var facts = stat()
    return lstat(path, &facts) == 0 ? Int64(facts.st_size) : nil
  }

  package enum Preparation: Equatable {
    /// The file is there and is a file.
    case ready
    /// A log without the database that it belongs to: SQLite would delete it.
    case orphanedLog
    case failed(code: Int32, String)
  }

  /// Creates an empty database file with mode 0600 when there is none (log and shared memory inherit the mode), and
  /// refuses what is no regular file.
  package func prepare() -> Preparation {
    var facts = stat()
    guard lstat(database, &facts) == 0 else {
      guard errno == ENOENT else { return .failed(code: errno, "stat of \(database)") }
      if let size = Self.size(of: log), size > 0 { return .orphanedLog }
      return create()
    }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      return .failed(code: EINVAL, "\(database) is no regular file (links are not followed)")
    }
    if facts.st_size == 0, let size = Self.size(of: log), size > 0 { return .orphanedLog }
    // Nobody else's business, whatever the umask was when it was made. It may belong to somebody else; then it stays.
    if facts.st_mode & 0o077 != 0 { chmod(database, 0o600) }
    return .ready
  }

  /// Whether a file lies there that does not begin as every SQLite database does. Only for a process that does not have it
  /// open.
  package var isHeadDestroyed: Bool {
    let magic = Array("SQLite format 3".utf8) + [0]
    let file = open(database, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return false }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: magic.count)
    let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
    return count > 0 && !(count == magic.count && bytes == magic)
  }

  private func create() -> Preparation {
    let file = open(database, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { return .failed(code: errno, "creation of \(database)") }
    close(file)
    return .ready
  }
}
