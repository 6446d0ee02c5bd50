/// Bounds lines that repeat: a text is written once, and then at most once a minute, with how often it came meanwhile.
/// Pure; it is given the time and never reads a clock.
public struct RepeatedLines<Line: Sendable>: Sendable {
  /// Time between two lines with the same text.
  public static var interval: Duration { .seconds(60) }
  /// Texts that are remembered; beyond them the one that was written longest ago is forgotten.
  static var capacity: Int { 256 }

  private struct Entry: Sendable {
    var writtenAt: Duration
    /// The newest line that was not written, and how many there are.
    var withheld: Line?
    var count = 0
  }

  private var entries: [String: Entry] = [:]

  public init() {}

  /// A line came.
  ///
  /// - Returns: whether to write it now. If not, it is counted and comes back from ``takeDue(at:isEnding:)``.
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

  /// The lines to write again, with how often each came since it was written last. Texts that did not repeat within the
  /// interval are forgotten.
  ///
  /// - Parameter isEnding: nothing comes after this; what was withheld is due at once.
  public mutating func takeDue(at now: Duration, isEnding: Bool = false) -> [(line: Line, count: Int)] {
    var due: [(text: String, line: Line, count: Int)] = []
    for (text, entry) in entries where isEnding || now - entry.writtenAt >= Self.interval {
      if let line = entry.withheld { due.append((text, line, entry.count)) }
      entries[text] = entry.withheld == nil ? nil : Entry(writtenAt: now)
    }
    return due.sorted { $0.text < $1.text }.map { ($0.line, $0.count) }
  }
}
