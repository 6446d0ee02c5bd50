import DurableFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs ``MarkedHotPath`` in a process of its own under strace and counts what it did.
enum TracedHotPath {
  static let rounds = 50_000
  private static let strace = "/usr/bin/strace"

  static var isPossible: Bool { access(strace, X_OK) == 0 }

  static func run() throws -> SystemCallReport {
    let folder = try ScratchFolder()
    let trace = "\(folder.path)/trace"
    let child = try ChildProcess(
      strace, ["-f", "-o", trace, ChildProcess.ownPath, "hot-path", "--rounds", "\(rounds)"])
    let exit = child.wait()
    guard exit == 0 else { throw SystemCallReport.Problem(description: "the traced hot path ended with \(exit)") }
    guard let text = try DurableFile.read(trace, limit: 256 << 20) else {
      throw SystemCallReport.Problem(description: "strace wrote nothing")
    }
    return try SystemCallReport(trace: String(decoding: text, as: UTF8.self))
  }
}
