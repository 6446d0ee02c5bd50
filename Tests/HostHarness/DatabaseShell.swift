package import Foundation

/// A person's `sqlite3` on the database, held open.
package final class DatabaseShell {
  package let process = Process()
  private let input = Pipe()
  private let output = TextReader()
  private var questions = 0

  package init(_ path: String, _ flags: [String] = []) throws {
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
  package func run(_ sql: String) async throws {
    questions += 1
    let word = "done-\(questions)"
    // A command of the shell's own, because the shell writes its own output only when its buffer is full.
    try input.fileHandleForWriting.write(contentsOf: Data("\(sql)\n.system echo \(word)\n".utf8))
    try await eventually("an answer of the shell") { output.text.contains(word) }
  }

  package func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Ends it, and with it whatever it holds.
  package func end() async throws {
    signal(SIGKILL)
    try await eventually("the end of the shell") { !process.isRunning }
  }

  /// As health names it.
  package var name: String { "sqlite3 (PID \(process.processIdentifier))" }
}
