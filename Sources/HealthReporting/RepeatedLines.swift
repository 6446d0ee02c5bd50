/// Bounds repeated lines: a text is written once, and then at most once a minute, with the number of repetitions. Pure;
/// the time is passed in.
public struct RepeatedLines<Line: Sendable>: Sendable {
  /// Time between two lines with the same text.
  public static var interval: Duration { .seconds(60) }
  /// Most texts that are remembered; beyond that, the one written longest ago is forgotten.
  static var capacity: Int { 256 }

  private struct Entry: Sendable {
    var writtenAt: Duration
    /// The newest line that was not written, and the number of such lines.
    var withheld: Line?
    var count = 0
  }

  private var entries: [String: Entry] = [:]

  public init() {}

  /// Adds a line.
  ///
  /// - Returns: whether to write it now. Otherwise it is counted, and ``takeDue(at:isEnding:)`` returns it later.
  public mutating func shouldWrite(_ line: Line, text: String, at now: Duration) -> Bool {
    guard entries[text] == nil else {
      entries[text]?.withheld = line
      entries[text]?.count += 1
      return false
    }
    if entries.count >= Self.capacity, let oldest = entries.min(by: { $0.value.writtenAt < $1.value.writtenAt }) {
      entries[oldest.key] = nil
    }
    entries[text] = Entry(writtenAt: now)
    return true
  }

  /// The lines to write again, each with its number of repetitions since it was written last. Texts that did not repeat
  /// within the interval are forgotten.
  ///
  /// - Parameter isEnding: whether this is the last call, so that all withheld lines are due.
  public mutating func takeDue(at now: Duration, isEnding: Bool = false) -> [(line: Line, count: Int)] {
    var due: [(text: String, line: Line, count: Int)] = []
    for (text, entry) in entries where isEnding || now - entry.writtenAt >= Self.interval {
      if let line = entry.withheld { due.append((text, line, entry.count)) }
      entries[text] = entry.withheld == nil ? nil : Entry(writtenAt: now)
    }
    return due.sorted { $0.text < $1.text }.map { ($0.line, $0.count) }
  }
}
