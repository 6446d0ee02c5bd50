import Foundation
import HostHarness

/// A person's `sqlite3` on the database, held open.
final class DatabaseShell {
  let process = Process()
  private let input = Pipe()
  private let output = TextReader()
  private var questions = 0

  init(_ path: String, _ flags: [String] = []) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["sqlite3", "-batch"] + flags + [path]
    process.standardInput = input
    process.standardOutput = output.pipe
    try process.runUnblocked()
    output.start()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// Runs SQL and returns once it is done.
  func run(_ sql: String) async throws {
    questions += 1
    let word = "done-\(questions)"
    // A command of the shell's own, because the shell writes its own output only when its buffer is full.
    try input.fileHandleForWriting.write(contentsOf: Data("\(sql)\n.system echo \(word)\n".utf8))
    try await eventually("an answer of the shell") { output.text.contains(word) }
  }

  func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Ends it, and with it whatever it holds.
  func end() async throws {
    signal(SIGKILL)
    try await eventually("the end of the shell") { !process.isRunning }
  }

  /// As health names it.
  var name: String { "sqlite3 (PID \(process.processIdentifier))" }
}
