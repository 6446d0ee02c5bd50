import Documents
import DurableFiles
import StudioState

/// Derives findings and advice from facts: one page for an operator, and the same as JSON. Pure; the facts are gathered
/// before (DoctorInspection.swift).
struct Diagnosis {
  let facts: DoctorFacts
  private var members: [JSONValue.Member] = []
  private var lines: [String] = []
  private(set) var advice: [Advice] = []

  init(_ facts: DoctorFacts) {
    self.facts = facts
    lookAtFolder()
    lookAtFileSystem()
    lookAtFiles()
    lookAtVersions()
    lookAtHost()
    lookAtLocks()
    lookAtDatabase()
    lookAtLog()
    lookAtMark()
    lookAtLoss()
    lookAtRuns()
    lookAtSpace()
    lookAtQuarantine()
    lookAtFallback()
  }

  var isWell: Bool { !advice.contains { $0.severity == .damage || $0.severity == .unhealthy } }

  var answer: Answer {
    let order: [Advice.Severity] = [.damage, .unhealthy, .warning, .hint]
    let sorted = order.flatMap { severity in advice.filter { $0.severity == severity } }
    let all =
      [JSONValue.Member("ok", .bool(isWell))] + members + [.init("advice", .array(sorted.map(\.json)))]
    let advised = sorted.isEmpty ? ["nothing to advise"] : sorted.flatMap(\.lines)
    return Answer(.object(all), lines: lines + [""] + advised, exit: exit)
  }

  /// 1 only for damage or an unhealthy host; facts that could not be read have a code of their own.
  private var exit: ExitCode {
    if !isWell { return .found }
    if case .unreadable(let failure) = facts.database { return ToolFailure(failure).exit }
    return .fine
  }

  /// A member of the answer and its line: a name, and a text in the column beside it.
  mutating func note(_ name: String, _ json: JSONValue, _ title: String, _ words: String...) {
    members.append(.init(name, json))
    for (index, word) in words.filter({ !$0.isEmpty }).enumerated() {
      let head = index == 0 ? title : ""
      lines.append(
        head + String(repeating: " ", count: max(1, 14 - head.count)) + TextTable.printable(word))
    }
  }

  mutating func add(_ table: [String]) {
    lines += table.map { String(repeating: " ", count: 14) + $0 }
  }

  mutating func advise(_ severity: Advice.Severity, _ what: String, why: String, command: String? = nil) {
    advice.append(Advice(severity, what, why: why, command: command))
  }

  var place: String { quoted(facts.folder) }
  /// How the tool is called on this folder.
  var tool: String { "afterimage --data-dir \(place)" }

  /// The facts of the database; nil if it is missing or can't be read.
  var content: DoctorFacts.Content? {
    if case .read(let content) = facts.database { content } else { nil }
  }
}

/// Formats a size for people.
func bytesInWords(_ bytes: Int64) -> String {
  var size = Double(bytes)
  for unit in ["bytes", "KiB", "MiB", "GiB"] {
    if size < 1000 { return unit == "bytes" ? "\(bytes) bytes" : "\(oneDigit(size)) \(unit)" }
    size /= 1024
  }
  return "\(oneDigit(size)) TiB"
}

private func oneDigit(_ number: Double) -> String {
  let tenths = Int64((number * 10).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}
