public import StudioState

/// What a command has found or done, in both forms in which it can be printed.
public struct Answer: Sendable, Equatable {
  /// One object, as `--output json` prints it. Its members are relied on by scripts.
  public var json: JSONValue
  /// The same for people, line by line.
  public var lines: [String]
  /// What belongs on stderr: advice and what went beside it.
  public var notices: [String]
  public var exit: ExitCode
  /// Printed on stdout in the place of both forms, which then are messages: a file that was to go there.
  public var content: [UInt8]?

  public init(
    _ json: JSONValue, lines: [String], notices: [String] = [], exit: ExitCode = .fine, content: [UInt8]? = nil
  ) {
    self.json = json
    self.lines = lines
    self.notices = notices
    self.exit = exit
    self.content = content
  }
}
