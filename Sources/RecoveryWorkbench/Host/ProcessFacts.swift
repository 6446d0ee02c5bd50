import DurableFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The system's information about a process. Nil on systems without /proc, and for a process that has ended.
package struct ProcessFacts: Sendable, Equatable {
  /// A letter as in ps(1): `T` is stopped by a signal, `Z` has ended and was not waited for.
  package var state: Character
  /// Clock ticks from the boot to the start of the process. Together with the number it identifies one process.
  package var startTicks: Int64

  package init?(of pid: Int32) {
    guard pid > 0, let bytes = (try? DurableFile.read("/proc/\(pid)/stat", limit: 4096)) ?? nil else { return nil }
    self.init(line: String(decoding: bytes, as: UTF8.self))
  }

  /// Reads a line of proc_pid_stat(5). The program's name comes second, in brackets, and may hold spaces and brackets.
  init?(line: String) {
    guard let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ")
    // The fields after the name begin with the third one; the start is the 22nd.
    guard fields.count > 19, let state = fields[0].first, let ticks = Int64(fields[19]) else { return nil }
    self.state = state
    startTicks = ticks
  }

  /// Neither ended nor about to vanish.
  var isRunning: Bool { !"ZXx".contains(state) }
}

/// Identifies a folder independently of its path: a copy has another number, a moved folder keeps its number.
package func inode(of folder: String) -> Int64? {
  var facts = stat()
  return stat(folder, &facts) == 0 ? Int64(truncatingIfNeeded: facts.st_ino) : nil
}
