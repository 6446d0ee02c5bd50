public import Documents

/// The result of a command, in both forms in which it can be printed.
public struct Answer: Sendable, Equatable {
  /// The object that `--output json` prints. Scripts depend on its members.
  public var json: JSONValue
  /// The same for people, one string per line.
  public var lines: [String]
  /// Messages for stderr.
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
