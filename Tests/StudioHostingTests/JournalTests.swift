import Concurrency
import Documents
import LiveRuntime
import StudioState
import Synchronization
import Testing

@testable import StudioHosting

private func line(_ event: String, _ number: Int = 0) -> JournalLine {
  JournalLine(event: event, data: ["number": .int(Int64(number))], unixMilliseconds: 0)
}

@Test func aFullJournalDropsItsOldestLinesAndCountsThem() {
  var queue = JournalQueue()
  for number in 0..<JournalQueue.capacity { queue.add(line("host.notice", number), at: .zero) }
  queue.add(line("host.notice", JournalQueue.capacity), at: .zero)
  let taken = queue.take(at: .zero)
  #expect(taken.dropped == 1)
  #expect(taken.lines.first == line("host.notice", 1))
  #expect(taken.lines.last == line("host.notice", JournalQueue.capacity))
  let next = queue.take(at: .zero)
  #expect(next.lines.isEmpty && next.dropped == 0)
}

@Test func aRepeatedLineIsWrittenOnceAMinuteWithItsCountAndAtTheEnd() {
  var queue = JournalQueue()
  for _ in 0..<3 { queue.add(line("host.notice"), at: .zero) }
  #expect(queue.take(at: .seconds(59)).lines == [line("host.notice")])
  #expect(queue.take(at: .seconds(60)).lines == [line("host.notice").repeated(2)])
  queue.add(line("host.notice"), at: .seconds(61))
  #expect(queue.take(at: .seconds(62)).lines == [])
  queue.finish()
  #expect(queue.take(at: .seconds(62)).lines == [line("host.notice").repeated(1)])
}

@Test(arguments: ["persistence.stored", "persistence.failed", "host.started", "host.stopped"])
func whatHappensTwiceIsWrittenTwice(_ event: String) {
  var queue = JournalQueue()
  for _ in 0..<2 { queue.add(line(event), at: .zero) }
  #expect(queue.take(at: .zero).lines.count == 2)
}

@Test(arguments: [(true, true), (true, false), (false, false)])
func aNoticeIsALineOfJSONAndALineForPeople(_ isJSON: Bool, _ isOneFile: Bool) throws {
  let box = LineBox()
  let journal = Journal(
    isJSON: isJSON,
    output: JournalOutput(write: { box.write($0) }, tell: { box.tell($0) }, isOneFile: isOneFile))
  journal.start(events: RuntimeEventBus())
  journal.tell("The disk is full.")
  journal.finish()
  if isJSON {
    let text = try #require(box.written.first)
    #expect(text.hasPrefix(#"{"event":"host.notice","message":"The disk is full.","time":"20"#), "\(text)")
    #expect(text.hasSuffix("\n"))
  }
  #expect(box.written.count == (isJSON ? 1 : 0))
  #expect(box.told.count == (isOneFile ? 0 : 1))
  #expect(box.told.allSatisfy { $0.hasSuffix(" host.notice message=The disk is full.\n") })
}

private final class LineBox: Sendable {
  private let lines = Mutex<(written: [String], told: [String])>(([], []))
  var written: [String] { lines.withLock { $0.written } }
  var told: [String] { lines.withLock { $0.told } }
  func write(_ bytes: [UInt8]) { lines.withLock { $0.written.append(String(decoding: bytes, as: UTF8.self)) } }
  func tell(_ bytes: [UInt8]) { lines.withLock { $0.told.append(String(decoding: bytes, as: UTF8.self)) } }
}
