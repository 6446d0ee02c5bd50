import Concurrency
import Documents
import HealthReporting

/// One line of the journal.
struct JournalLine: Sendable, Equatable {
  var event: String
  var data: JSONValue
  /// Wall clock, milliseconds since 1970.
  var unixMilliseconds: Int64

  /// The same with the number of lines that it stands for.
  func repeated(_ count: Int) -> JournalLine {
    let members = (data.objectValue ?? []) + [.init("repeated", .int(Int64(count)))]
    return JournalLine(event: event, data: .object(members), unixMilliseconds: unixMilliseconds)
  }
}

/// The lines that wait to be written. Pure; beyond a bound the oldest lines are dropped and counted.
struct JournalQueue: Sendable {
  /// About 2 MB, half a minute of a storm of 300 requests a second.
  static let capacity = 10_000
  /// Each line of these is an event of its own, also when the line before it is the same.
  private static let singleEvents: Set<String> = [
    "persistence.requested", "persistence.stored", "persistence.failed", "persistence.recovered", "host.started",
    "host.stopped", "host.crashLoopRollback",
  ]

  private var lines = BoundedQueue<JournalLine>(capacity: JournalQueue.capacity, whenFull: .dropOldest)
  private(set) var isFinished = false
  private var repeated = RepeatedLines<JournalLine>()

  /// Adds a line, unless the same one came within the last minute; then it is counted (``RepeatedLines``).
  mutating func add(_ line: JournalLine, at now: Duration) {
    if !Self.singleEvents.contains(line.event) {
      let text = "\(line.event) \(CanonicalJSON.text(line.data))"
      guard repeated.shouldWrite(line, text: text, at: now) else { return }
    }
    lines.append(line)
  }

  /// Takes what is to be written now.
  mutating func take(at now: Duration) -> (lines: [JournalLine], dropped: UInt64, isFinished: Bool) {
    for (line, count) in repeated.takeDue(at: now, isEnding: isFinished) { lines.append(line.repeated(count)) }
    let (taken, dropped) = lines.drain()
    return (taken, dropped, isFinished)
  }

  mutating func finish() { isFinished = true }
}
