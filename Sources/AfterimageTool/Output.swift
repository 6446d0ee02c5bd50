import Documents
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
    if let content = answer.content {
      put(content)
      for line in answer.lines { message(line) }
    } else {
      switch format {
      case .json: put(CanonicalJSON.text(answer.json) + "\n")
      case .table: put(answer.lines.joined(separator: "\n") + "\n")
      }
    }
    for notice in answer.notices { message(notice) }
    if answer.exit != .fine { exit(answer.exit) }
  }

  /// Ends the program. With `--output json` the error is the one object that a command prints on stdout, and stderr stays
  /// empty; otherwise it is a message.
  static func fail(_ failure: ToolFailure, _ format: OutputFormat) -> Never {
    switch format {
    case .json: put(CanonicalJSON.text(failure.json) + "\n", orElse: failure.exit)
    case .table: message("afterimage: \(failure.message)")
    }
    exit(failure.exit)
  }

  private static func put(_ text: String, orElse code: RecoveryWorkbench.ExitCode = .io) {
    put(Array(text.utf8), orElse: code)
  }

  private static func put(_ bytes: [UInt8], orElse code: RecoveryWorkbench.ExitCode = .io) {
    guard !write(bytes, to: STDOUT_FILENO) else { return }
    message("afterimage: stdout can't be written")
    exit(code)
  }

  static func message(_ text: String) {
    _ = write(Array((text + "\n").utf8), to: STDERR_FILENO)
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
      throw ToolFailure(
        .usage, "The command asks first, and without a terminal there is nobody to answer.",
        remedy: "Add --yes, or --dry-run to only look.")
    }
    _ = write(Array("\(question) [y/N] ".utf8), to: STDERR_FILENO)
    return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
  }

  private static func write(_ content: [UInt8], to file: Int32) -> Bool {
    var bytes = content[...]
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
