import DurableFiles

#if canImport(Glibc)
  import Glibc
#endif

/// Who holds a lock of the database, so that the operator learns whom to ask. Linux only: from /proc/locks by inode.
struct LockHolder: Sendable, Equatable, CustomStringConvertible {
  var pid: Int32
  /// Nil when the process has gone meanwhile or may not be looked at.
  var program: String?

  var description: String { "\(program ?? "a program") (PID \(pid))" }

  /// SQLite's lock bytes in the shared-memory file (wal.c): 120 for writing, 123 to 127 for readers of the log.
  enum Kind {
    case writer, reader

    fileprivate var bytes: ClosedRange<Int64> {
      switch self {
      case .writer: 120...120
      case .reader: 123...127
      }
    }
  }

  /// Other processes that hold a lock of `kind` on the database of `files`.
  static func holders(of kind: Kind, _ files: DatabaseFiles) -> [LockHolder] {
    guard let identity = DatabaseFiles.identity(of: files.sharedMemory),
      let table = try? DurableFile.read("/proc/locks", limit: 4 << 20)
    else { return [] }
    let pids = pids(holding: kind, on: identity.inode, in: String(decoding: table, as: UTF8.self))
    return pids.map { LockHolder(pid: $0, program: program(of: $0)) }
  }

  /// Reads lines such as `7: POSIX  ADVISORY  WRITE 4711 fe:00:131522 120 120`. Devices are not compared: some file
  /// systems show another number there than in `stat`.
  static func pids(holding kind: Kind, on inode: UInt64, in table: String) -> [Int32] {
    var found: [Int32] = []
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      // A line with an arrow is somebody who waits.
      guard fields.count >= 8, fields[1] == "POSIX", let pid = Int32(fields[4]), pid > 0, pid != getpid(),
        fields[5].split(separator: ":").last.flatMap({ UInt64($0) }) == inode, let first = Int64(fields[6])
      else { continue }
      let last = Int64(fields[7]) ?? Int64.max
      guard first <= last, (first...last).overlaps(kind.bytes), !found.contains(pid) else { continue }
      found.append(pid)
    }
    return found
  }

  private static func program(of pid: Int32) -> String? {
    guard let name = try? DurableFile.read("/proc/\(pid)/comm", limit: 256) else { return nil }
    return String(decoding: name.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
