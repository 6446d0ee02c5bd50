import Documents
import GenerationStore
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// `sqlite3 -readonly` on the database: a WAL database must not have a second writer (docs/on-disk-format.md).
extension Workbench {
  /// A session for a person, on this process's own input and output; returns when it ends.
  public func shell() throws(ToolFailure) -> ExitCode {
    try shell { path throws(ToolFailure) in
      try SQLiteShell([path]).run() == 0 ? .fine : .io
    }
  }

  /// Runs SQL and prints the shell's output.
  public func shell(sql: String) throws(ToolFailure) -> ExitCode {
    try shell { path throws(ToolFailure) in SQLiteShell.exit(for: try SQLiteShell([path, sql]).run()) }
  }

  /// Runs one statement: `{"rows":[…]}`, one object per row.
  public func shellAnswer(sql: String) throws(ToolFailure) -> Answer {
    try shell { path throws(ToolFailure) in
      let (status, output) = try SQLiteShell(["-json", path, sql]).runForOutput()
      let exit = SQLiteShell.exit(for: status)
      guard exit == .fine else { throw ToolFailure(exit, "sqlite3 ended with \(status).") }
      // The shell prints nothing for a statement without rows.
      if output.allSatisfy({ $0 == UInt8(ascii: "\n") }) { return Answer(["rows": []], lines: []) }
      do {
        return Answer(["rows": try JSONParser.parse(output, limits: .init(bytes: SQLiteShell.outputLimit))], lines: [])
      } catch {
        throw ToolFailure(
          .usage, "The rows are no one JSON text (\(error)). Give one statement, whose columns have different names.")
      }
    }
  }

  /// Opens the database as every other command does, so that damage and read-only media are met alike.
  private func shell<Value>(_ body: (_ path: String) throws(ToolFailure) -> Value) throws(ToolFailure) -> Value {
    try reading { reader in try body(reader.shellPath) }
  }
}

/// One run of the program `sqlite3`.
private struct SQLiteShell {
  /// Most bytes of rows that are kept: several times the text of the largest state.
  static let outputLimit = 256 << 20

  let words: [String]

  init(_ words: [String]) { self.words = ["sqlite3", "-readonly"] + words }

  /// The shell ends with SQLite's result code.
  static func exit(for status: Int32) -> ExitCode {
    switch status {
    case 0: .fine
    // SQLITE_ERROR: the SQL.
    case 1: .usage
    case 5, 6: .busy
    case 8: .permission
    case 11, 26: .corruptInput
    default: .io
    }
  }

  /// - Returns: the exit code; 128 and more for a signal.
  func run() throws(ToolFailure) -> Int32 { try wait(for: try start(nil)) }

  /// Output beyond ``outputLimit`` is read and dropped, so that the parser refuses the truncated rest.
  func runForOutput() throws(ToolFailure) -> (status: Int32, output: [UInt8]) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Self.failure(errno) }
    defer { close(ends[0]) }
    let started = Result { () throws(ToolFailure) in try start(ends[1]) }
    // The end of the output is the end of the child's.
    close(ends[1])
    let child = try started.get()
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      // Nothing else can fail of a pipe that is open.
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      if output.count <= Self.outputLimit { output += buffer[..<count] }
    }
    return (try wait(for: child), output)
  }

  /// - Parameter output: instead of this process's own.
  private func start(_ output: Int32?) throws(ToolFailure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var child = pid_t()
    let code = posix_spawnp(&child, "sqlite3", &actions, nil, &pointers, environ)
    guard code != ENOENT else {
      throw ToolFailure(
        .hostUnreachable, "The program sqlite3 is not on the PATH. Install it (Debian: apt install sqlite3).")
    }
    guard code == 0 else { throw Self.failure(code) }
    return child
  }

  private func wait(for child: pid_t) throws(ToolFailure) -> Int32 {
    // Ctrl-C is the shell's: it ends a statement, not this program.
    let before = signal(SIGINT, SIG_IGN)
    defer { signal(SIGINT, before) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { throw Self.failure(errno) }
    }
    let death = status & 0x7F
    return death == 0 ? (status >> 8) & 0xFF : 128 + death
  }

  private static func failure(_ code: Int32) -> ToolFailure {
    ToolFailure(.io, "sqlite3 can't be started: \(strerror(code).map { String(cString: $0) } ?? "\(code)")")
  }
}
