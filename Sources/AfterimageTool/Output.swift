import RecoveryWorkbench
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Data on stdout, messages on stderr. There are no colours, so NO_COLOR is always honoured.
enum Output {
  /// Prints and, unless all is fine, ends the program.
  static func print(_ answer: Answer, _ format: OutputFormat) {
    let text =
      switch format {
      case .json: CanonicalJSON.text(answer.json)
      case .table: answer.lines.joined(separator: "\n")
      }
    guard write(text + "\n", to: STDOUT_FILENO) else {
      message("afterimage: stdout can't be written")
      exit(.io)
    }
    for notice in answer.notices { message(notice) }
    if answer.exit != .fine { exit(answer.exit) }
  }

  static func message(_ text: String) {
    _ = write(text + "\n", to: STDERR_FILENO)
  }

  static func exit(_ code: RecoveryWorkbench.ExitCode) -> Never {
    #if canImport(Glibc)
      Glibc.exit(code.rawValue)
    #else
      Darwin.exit(code.rawValue)
    #endif
  }

  /// Yes when somebody at a terminal says so; without a terminal nobody is asked.
  static func confirms(_ question: String) throws -> Bool {
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      throw ToolFailure(.usage, "Nobody can be asked without a terminal. Add --yes, or --dry-run to only look.")
    }
    _ = write("\(question) [y/N] ", to: STDERR_FILENO)
    return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
  }

  private static func write(_ text: String, to file: Int32) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      #if canImport(Glibc)
        let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      #else
        let count = bytes.withUnsafeBytes { Darwin.write(file, $0.baseAddress, $0.count) }
      #endif
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }
}
