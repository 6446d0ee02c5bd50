import Concurrency
import Documents
import DurableFiles
import HealthReporting
import LiveRuntime
import PersistenceMessages
import StudioState
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the host tells the world line by line: JSON objects on stdout, or lines for people on stderr. A thread of its own
/// writes them, so that nobody waits for a terminal or a full pipe; beyond a bound the oldest lines are dropped and
/// counted.
final class Journal: Sendable {
  /// Lines that wait at most: about 2 MB, half a minute of a storm of 300 requests a second.
  private static let capacity = 10_000
  private static let pollInterval = Duration.milliseconds(20)

  private struct Queue {
    var lines: [StreamLine] = []
    var dropped = 0
    var isFinished = false
    var repeated = RepeatedLines<StreamLine>()

    mutating func append(_ line: StreamLine) {
      if lines.count == Journal.capacity {
        lines.removeFirst()
        dropped += 1
      }
      lines.append(line)
    }

    /// Takes what is to be written now.
    mutating func take(at now: Duration) -> Queue {
      for (line, count) in repeated.takeDue(at: now, isEnding: isFinished) { append(line.repeated(count)) }
      defer {
        lines = []
        dropped = 0
      }
      return self
    }
  }

  /// Each of these lines is an event of its own, also when the one before it says the same.
  private static let singleEvents: Set<String> = [
    "persistence.requested", "persistence.stored", "persistence.failed", "persistence.recovered", "host.started",
    "host.stopped", "host.crashLoopRollback",
  ]

  struct StreamLine: Sendable {
    var event: String
    var data: JSONValue
    var unixMilliseconds: Int64

    /// The same with the count of the lines that it stands for.
    func repeated(_ count: Int) -> StreamLine {
      let members = (data.objectValue ?? []) + [.init("repeated", .int(Int64(count)))]
      return StreamLine(event: event, data: .object(members), unixMilliseconds: unixMilliseconds)
    }
  }

  private let isJSON: Bool
  /// Whether notices go to stderr as well. Not when that is where stdout goes: they would appear twice.
  private let tellsOnStandardError: Bool
  private let queue = Mutex(Queue())
  private let wake = ThreadAlarm()
  private let thread = Mutex<WorkerThread?>(nil)

  init(isJSON: Bool) {
    self.isJSON = isJSON
    tellsOnStandardError = !isJSON || !leadToTheSameFile(STDOUT_FILENO, STDERR_FILENO)
  }

  /// Begins to write. Requests are journalled in JSON only: people can't read 60 lines a second.
  func start(events: RuntimeEventBus) {
    let requests = isJSON ? events.subscribe(capacity: Self.capacity) : nil
    thread.withLock { thread in
      thread = WorkerThread(name: "journal") { self.run(requests) }
    }
  }

  /// The same line is written at most once a minute, with a count (``RepeatedLines``), unless it is one of the
  /// ``singleEvents``.
  func note(_ event: String, _ data: JSONValue) {
    let line = StreamLine(event: event, data: data, unixMilliseconds: SystemTime.unixMilliseconds())
    let text = Self.singleEvents.contains(event) ? nil : "\(event) \(CanonicalJSON.text(data))"
    let now = SystemTime.uptime()
    queue.withLock { queue in
      if let text, !queue.repeated.shouldWrite(line, text: text, at: now) { return }
      queue.append(line)
    }
  }

  /// Writes what is noted at once, and not at the next look.
  func hurry() { wake.ring() }

  /// A sentence for the operator.
  func tell(_ sentence: String) {
    note("host.notice", ["message": .string(sentence)])
  }

  /// Writes what is left, waiting at most a second for whoever reads.
  func finish() {
    queue.withLock { $0.isFinished = true }
    wake.ring()
    _ = thread.withLock { $0 }?.join(timeout: .seconds(1))
  }

  private func run(_ requests: RuntimeEventSubscription?) {
    while true {
      // What was stored is taken before what was requested and written after it, so that no store is told before its
      // request.
      let now = SystemTime.uptime()
      let taken = queue.withLock { $0.take(at: now) }
      let (events, dropped) = requests?.drain() ?? ([], 0)
      // A request came at the latest when it was drained, and before what is written after it.
      let drainedAt = SystemTime.unixMilliseconds()
      let time = taken.lines.first.map { min($0.unixMilliseconds, drainedAt) } ?? drainedAt
      for case .runtimePersistenceRequested(let request) in events {
        let event = RuntimeEvent.runtimePersistenceRequested(request)
        write(StreamLine(event: event.name, data: event.json, unixMilliseconds: time))
      }
      for line in taken.lines { write(line) }
      let lost = taken.dropped + Int(dropped)
      if lost > 0 {
        let data: JSONValue = ["dropped": .int(Int64(lost))]
        write(StreamLine(event: "journal.dropped", data: data, unixMilliseconds: SystemTime.unixMilliseconds()))
      }
      if taken.isFinished { return }
      wake.sleep(atMost: Self.pollInterval)
    }
  }

  /// One line, one write.
  private func write(_ line: StreamLine) {
    let time = UTCTime.text(unixMilliseconds: line.unixMilliseconds)
    let members = line.data.objectValue ?? []
    if isJSON {
      let object = JSONValue.object([.init("event", .string(line.event)), .init("time", .string(time))] + members)
      put(CanonicalJSON.encode(object) + [UInt8(ascii: "\n")], on: STDOUT_FILENO)
    }
    if !isJSON || line.event == "host.notice" && tellsOnStandardError {
      let words = members.map { "\($0.name)=\($0.value.stringValue ?? CanonicalJSON.text($0.value))" }
      put(Array("\(time) \(line.event) \(words.joined(separator: " "))\n".utf8), on: STDERR_FILENO)
    }
  }

  /// A reader that went away is no reason to stop the show.
  private func put(_ bytes: [UInt8], on descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Self.writeBytes(descriptor, $0) }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }

  private static func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    while true {
      #if canImport(Glibc)
        let written = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      #else
        let written = Darwin.write(descriptor, bytes.baseAddress, bytes.count)
      #endif
      if written < 0, errno == EINTR { continue }
      return written
    }
  }
}
