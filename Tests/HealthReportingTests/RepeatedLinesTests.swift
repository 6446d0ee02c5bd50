import Testing

@testable import HealthReporting

private let nanosecond = Duration.nanoseconds(1)

/// Lines that are their own text.
private struct Lines {
  private var lines = RepeatedLines<String>()

  /// Whether the line is written at once.
  mutating func come(_ text: String, at now: Duration) -> Bool { lines.shouldWrite(text, text: text, at: now) }

  mutating func due(at now: Duration, isEnding: Bool = false) -> [String] {
    lines.takeDue(at: now, isEnding: isEnding).map { "\($0.count) × \($0.line)" }
  }
}

@Test func aTextIsWrittenOnceAndThenOnceAMinuteWithItsCount() {
  var lines = Lines()
  let written = (0..<600).map { lines.come("a", at: .seconds(5) + .milliseconds($0 * 100)) }
  #expect(written == [true] + [Bool](repeating: false, count: 599))
  let (before, after) = (lines.due(at: .seconds(65) - nanosecond), lines.due(at: .seconds(65)))
  #expect(before == [])
  #expect(after == ["599 × a"])
  let again = lines.come("a", at: .seconds(66))
  #expect(again == false)
  let (earlier, later) = (lines.due(at: .seconds(124)), lines.due(at: .seconds(125)))
  #expect(earlier == [])
  #expect(later == ["1 × a"])
}

@Test func differentTextsDoNotHoldEachOtherBack() {
  var lines = Lines()
  let written = [lines.come("a", at: .zero), lines.come("b", at: .zero), lines.come("b", at: .zero)]
  #expect(written == [true, true, false])
}

@Test func aTextThatRestedForAMinuteIsWrittenAtOnce() {
  var lines = Lines()
  _ = lines.come("a", at: .zero)
  let due = lines.due(at: .seconds(60))
  let isWritten = lines.come("a", at: .seconds(60))
  #expect(due == [])
  #expect(isWritten)
}

@Test func whatWasWithheldIsWrittenAtTheEnd() {
  var lines = Lines()
  for second in 0..<3 { _ = lines.come("a", at: .seconds(second)) }
  let due = lines.due(at: .seconds(3), isEnding: true)
  #expect(due == ["2 × a"])
}

@Test func theTextsThatAreRememberedAreBounded() {
  var lines = Lines()
  let capacity = RepeatedLines<String>.capacity
  for number in 0...capacity { _ = lines.come("\(number)", at: .milliseconds(number)) }
  // The first was forgotten for the last.
  let (last, first) = (lines.come("\(capacity)", at: .seconds(1)), lines.come("0", at: .seconds(1)))
  #expect(last == false)
  #expect(first == true)
}
