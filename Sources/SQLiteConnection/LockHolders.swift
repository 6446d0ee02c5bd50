import DurableFiles

#if canImport(Glibc)
  import Glibc
#endif

/// Who holds a lock of the database, so that the operator learns whom to ask. Linux only: from /proc/locks by inode.
package struct LockHolder: Sendable, Equatable, CustomStringConvertible {
  package var pid: Int32
  /// Nil when the process has gone meanwhile or may not be looked at.
  package var program: String?

  package init(pid: Int32, program: String?) {
    self.pid = pid
    self.program = program
  }

  package var description: String { "\(program ?? "a program") (PID \(pid))" }

  /// SQLite's lock bytes in the shared-memory file (wal.c, os_unix.c): 120 for writing, 121 for checkpoints, 123 to 127
  /// for readers of the log, 128 for all that have the database open.
  package enum Kind {
    case writer, checkpointer, reader, opened

    fileprivate var bytes: ClosedRange<Int64> {
      switch self {
      case .writer: 120...120
      case .checkpointer: 121...121
      case .reader: 123...127
      case .opened: 128...128
      }
    }
  }

  /// Whether the system tells about locks at all.
  package static var areTold: Bool { DatabaseFiles.identity(of: "/proc/locks") != nil }

  /// Other processes that hold a lock of `kind` on the database at `databasePath`. Touches no file of the database.
  package static func holders(of kind: Kind, databasePath: String) -> [LockHolder] {
    holders(of: kind, DatabaseFiles(naming: databasePath))
  }

  /// Who holds the flock on the file at `path`, this process included. The lock itself is not tried, which could turn
  /// away a program that wants it at this moment.
  package static func flockHolders(of path: String) -> [LockHolder] {
    guard let identity = DatabaseFiles.identity(of: path), let table else { return [] }
    return pids("FLOCK", on: identity.inode, in: table) { _ in true }
      .map { LockHolder(pid: $0, program: program(of: $0)) }
  }

  /// Other processes that hold a lock of `kind` on the database of `files`.
  package static func holders(of kind: Kind, _ files: DatabaseFiles) -> [LockHolder] {
    guard let identity = DatabaseFiles.identity(of: files.sharedMemory), let table else { return [] }
    return pids(holding: kind, on: identity.inode, in: table).map { LockHolder(pid: $0, program: program(of: $0)) }
  }

  private static var table: String? {
    (try? DurableFile.read("/proc/locks", limit: 4 << 20)).flatMap(\.self).map { String(decoding: $0, as: UTF8.self) }
  }

  package static func pids(holding kind: Kind, on inode: UInt64, in table: String) -> [Int32] {
    pids("POSIX", on: inode, in: table) { $0.overlaps(kind.bytes) }.filter { $0 != getpid() }
  }

  /// Reads lines such as `7: POSIX  ADVISORY  WRITE 4711 fe:00:131522 120 120`. Devices are not compared: some file
  /// systems show another number there than in `stat`.
  private static func pids(
    _ type: String, on inode: UInt64, in table: String, where isMeant: (ClosedRange<Int64>) -> Bool
  ) -> [Int32] {
    var found: [Int32] = []
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      // A line with an arrow is somebody who waits.
      guard fields.count >= 8, fields[1] == type, let pid = Int32(fields[4]), pid > 0,
        fields[5].split(separator: ":").last.flatMap({ UInt64($0) }) == inode, let first = Int64(fields[6])
      else { continue }
      let last = Int64(fields[7]) ?? Int64.max
      guard first <= last, isMeant(first...last), !found.contains(pid) else { continue }
      found.append(pid)
    }
    return found
  }

  private static func program(of pid: Int32) -> String? {
    guard let name = try? DurableFile.read("/proc/\(pid)/comm", limit: 256) else { return nil }
    return String(decoding: name.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
