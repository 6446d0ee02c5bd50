public import Concurrency
import DurableFiles
import GenerationStore
import Studio
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The recovery tool's work on one data folder. Printing, flags and questions are the executable's.
///
/// Every call blocks for as long as the disk takes, or waits for the host. Reading never takes the folder's lock and
/// writes nothing (SQLite may leave an empty log and its shared memory behind); changing does what it does through the
/// running host, or holds the lock itself.
public struct Workbench: Sendable {
  public let folder: String
  /// Milliseconds since 1970, for the generations that the tool stores.
  let wallClock: @Sendable () -> Int64

  public init(folder: String, wallClock: @escaping @Sendable () -> Int64 = WallClock.unixMilliseconds) {
    self.folder = folder
    self.wallClock = wallClock
  }

  public var databasePath: String { DataFolderLayout(folder).database }

  /// For one command; close it.
  func reader() throws -> GenerationReader {
    try Self.refuseClosed(folder)
    guard FileFacts(databasePath) != nil else {
      throw ToolFailure(
        .noInput, "There is no database in \(folder).",
        remedy: "Name the data folder with --data-dir, or start the host once.")
    }
    return try GenerationReader.open(.studio, databasePath: databasePath)
  }

  /// What lies in a folder that this user may not enter looks as if it were not there.
  static func refuseClosed(_ folder: String) throws(ToolFailure) {
    var facts = stat()
    if stat(folder, &facts) == 0, facts.st_mode & S_IFMT != S_IFDIR { throw notAFolder(folder) }
    guard access(folder, R_OK | X_OK) != 0, errno == EACCES else { return }
    throw ToolFailure(
      .permission, "\(folder) can't be looked into by this user.",
      remedy: "Run the command as the user of the host (sudo -u USER …).")
  }

  /// As a rule somebody named the database in it.
  private static func notAFolder(_ path: String) -> ToolFailure {
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    return ToolFailure(
      .noInput, "\(path) is a file, and --data-dir takes the folder that holds it.",
      remedy: "Try: --data-dir \(parent.isEmpty ? "/" : parent)")
  }

  func reading<Value>(_ body: (GenerationReader) throws -> Value) throws(ToolFailure) -> Value {
    try explained {
      let reader = try reader()
      defer { reader.close() }
      return try body(reader)
    }
  }
}

/// A file as `stat` sees it, without opening it.
struct FileFacts: Sendable, Equatable {
  var bytes: Int64
  /// Permission bits.
  var mode: UInt32
  var isFolder: Bool
  var isRegularFile: Bool
  var isLink: Bool
  /// User id.
  var owner: UInt32

  init(
    bytes: Int64 = 0, mode: UInt32, isFolder: Bool = false, isRegularFile: Bool = true, isLink: Bool = false,
    owner: UInt32 = 0
  ) {
    self.bytes = bytes
    self.mode = mode
    self.isFolder = isFolder
    self.isRegularFile = isRegularFile
    self.isLink = isLink
    self.owner = owner
  }

  /// Nil when there is nothing at `path`.
  init?(_ path: String) {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return nil }
    bytes = Int64(facts.st_size)
    mode = UInt32(facts.st_mode) & 0o7777
    isFolder = facts.st_mode & S_IFMT == S_IFDIR
    isRegularFile = facts.st_mode & S_IFMT == S_IFREG
    isLink = facts.st_mode & S_IFMT == S_IFLNK
    owner = facts.st_uid
  }

  var modeWords: String { "0" + String(mode, radix: 8) }

  /// The user's name, or its number where the system knows no name.
  var ownerWords: String {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 4096)
    let code = getpwuid_r(owner, &entry, &buffer, buffer.count, &found)
    guard code == 0, found != nil, let name = entry.pw_name else { return "\(owner)" }
    return String(cString: name)
  }
}
