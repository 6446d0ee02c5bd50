import StudioState

/// What an operator should know or do.
struct Advice: Equatable {
  enum Severity: String, Equatable {
    /// Something that was stored can't be read, or is gone.
    case damage
    /// The host can't store, or can't start.
    case unhealthy
    /// It will hurt later.
    case warning
    case hint
  }

  var severity: Severity
  var what: String
  var why: String
  /// What to type; nil when there is nothing to do.
  var command: String?

  init(_ severity: Severity, _ what: String, why: String, command: String? = nil) {
    self.severity = severity
    self.what = what
    self.why = why
    self.command = command
  }

  var json: JSONValue {
    [
      "severity": .string(severity.rawValue), "what": .string(what), "why": .string(why),
      "command": command.map { .string($0) } ?? .null,
    ]
  }

  var lines: [String] {
    ["\(severity.rawValue): \(what). \(why)"].map(TextTable.printable) + (command.map { ["    \($0)"] } ?? [])
  }
}
