import Concurrency
package import Documents
import DurableFiles
package import LiveRuntime
import PersistenceMessages
import Synchronization

/// What the host reports line by line: JSON objects on standard output, or lines for people on standard error. A thread of
/// its own writes them, so that nothing else waits for a terminal or a full pipe.
package final class Journal: Sendable {
  private static let pollInterval = Duration.milliseconds(20)

  private let isJSON: Bool
  private let output: JournalOutput
  private let queue = Mutex(JournalQueue())
  private let wake = ThreadAlarm()
  private let thread = Mutex<WorkerThread?>(nil)

  package init(isJSON: Bool, output: JournalOutput = .standard) {
    self.isJSON = isJSON
    self.output = output
  }

  /// Starts to write. Requests are journalled in JSON only: people can't read 60 lines a second.
  package func start(events: RuntimeEventBus) {
    let requests = isJSON ? events.subscribe(capacity: JournalQueue.capacity) : nil
    thread.withLock { thread in
      thread = WorkerThread(name: "journal") { self.run(requests) }
    }
  }

  /// Adds a line. Never waits for its writing.
  package func note(_ event: String, _ data: JSONValue) {
    let line = JournalLine(event: event, data: data, unixMilliseconds: WallClock.unixMilliseconds())
    let now = MonotonicClock.now()
    queue.withLock { $0.add(line, at: now) }
  }

  /// Writes what was noted now, instead of at the next poll.
  func hurry() { wake.ring() }

  /// A sentence for the operator.
  package func tell(_ sentence: String) {
    note("host.notice", ["message": .string(sentence)])
  }

  /// Writes what is left, and waits at most a second for the reader.
  package func finish() {
    queue.withLock { $0.finish() }
    wake.ring()
    _ = thread.withLock { $0 }?.join(timeout: .seconds(1))
  }

  private func run(_ requests: RuntimeEventSubscription?) {
    while true {
      // Stores are taken before requests and written after them, so that a store never comes before its request.
      let now = MonotonicClock.now()
      let taken = queue.withLock { $0.take(at: now) }
      let (events, dropped) = requests?.drain() ?? ([], 0)
      // A request came before it was drained, and before what is written after it.
      let drainedAt = WallClock.unixMilliseconds()
      let time = taken.lines.first.map { min($0.unixMilliseconds, drainedAt) } ?? drainedAt
      for event in events {
        guard case .runtimePersistenceRequested = event else { continue }
        write(JournalLine(event: event.name, data: event.json, unixMilliseconds: time))
      }
      for line in taken.lines { write(line) }
      let lost = taken.dropped + dropped
      if lost > 0 {
        let data: JSONValue = ["dropped": .int(Int64(clamping: lost))]
        write(JournalLine(event: "journal.dropped", data: data, unixMilliseconds: WallClock.unixMilliseconds()))
      }
      if taken.isFinished { return }
      wake.sleep(atMost: Self.pollInterval)
    }
  }

  /// One line, one write.
  private func write(_ line: JournalLine) {
    let time = UTCTime.text(unixMilliseconds: line.unixMilliseconds)
    let members = line.data.objectValue ?? []
    if isJSON {
      let object = JSONValue.object([.init("event", .string(line.event)), .init("time", .string(time))] + members)
      output.write(CanonicalJSON.encode(object) + [UInt8(ascii: "\n")])
    }
    if !isJSON || line.event == "host.notice" && !output.isOneFile {
      let words = members.map { "\($0.name)=\($0.value.stringValue ?? CanonicalJSON.text($0.value))" }
      output.tell(Array("\(time) \(line.event) \(words.joined(separator: " "))\n".utf8))
    }
  }
}
