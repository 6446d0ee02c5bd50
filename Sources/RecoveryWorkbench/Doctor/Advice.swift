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

/// A word of a command line: quoted where a shell would read it as several, or as something else.
func quoted(_ text: String) -> String {
  let plain = text.utf8.allSatisfy { byte in
    byte >= 0x80 || byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
      || byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      || "/._-+:=,@%".utf8.contains(byte)
  }
  return plain && !text.isEmpty
    ? text : "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
}
