import Documents
import StudioState

/// One finding for the operator, with an action if there is one.
struct Advice: Equatable {
  enum Severity: String, Equatable {
    /// Stored content can't be read, or is missing.
    case damage
    /// The host can't store, or can't start.
    case unhealthy
    /// A condition that will cause problems later.
    case warning
    case hint
  }

  var severity: Severity
  var what: String
  var why: String
  /// The command to type; nil if there is nothing to do.
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
