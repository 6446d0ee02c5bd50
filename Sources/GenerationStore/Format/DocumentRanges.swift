import Documents

/// A set of document ids as ascending inclusive ranges: the manifest's form on disk, such as `[[1,253],[260,260]]`.
///
/// A keyframe is one range, and each document changed since then adds at most two, so a manifest stays below 1 KB where
/// a list of 250 ids would take 2 KB.
package struct DocumentRanges: Sendable, Equatable {
  package private(set) var ranges: [ClosedRange<Int64>] = []

  init() {}

  init(_ range: ClosedRange<Int64>) {
    ranges = [range]
  }

  /// - Parameter ids: ascending, without repetition.
  package init(ascending ids: some Sequence<Int64>) {
    for id in ids {
      if let last = ranges.last, last.upperBound + 1 == id {
        ranges[ranges.count - 1] = last.lowerBound...id
      } else {
        ranges.append(id...id)
      }
    }
  }

  /// Nil for anything but the output of ``json``, with any white space.
  init?(json: [UInt8]) {
    guard let array = try? JSONParser.parse(json, limits: .init(bytes: 4 << 20, depth: 2)).arrayValue else {
      return nil
    }
    for element in array {
      guard let pair = element.arrayValue, pair.count == 2, let first = pair[0].intValue, let last = pair[1].intValue,
        first > 0, last < Int64.max, first <= last, first > (ranges.last?.upperBound ?? 0)
      else { return nil }
      ranges.append(first...last)
    }
  }

  var json: String {
    var text = "["
    for range in ranges {
      if text.utf8.count > 1 { text += "," }
      text += "[\(range.lowerBound),\(range.upperBound)]"
    }
    return text + "]"
  }

  var isEmpty: Bool { ranges.isEmpty }
  var last: Int64? { ranges.last?.upperBound }

  /// Saturates, because ranges read from a damaged file may name any number of ids.
  var count: Int {
    ranges.reduce(0) { sum, range in
      let (total, overflow) = sum.addingReportingOverflow(Int(range.upperBound - range.lowerBound) + 1)
      return overflow ? Int.max : total
    }
  }

  /// The ids in this set that are not in `other`. Linear in the number of ranges.
  func subtracting(_ other: DocumentRanges) -> DocumentRanges {
    var result = DocumentRanges()
    var index = 0
    for range in ranges {
      var first = range.lowerBound
      while index < other.ranges.count, other.ranges[index].upperBound < first { index += 1 }
      var probe = index
      while probe < other.ranges.count, other.ranges[probe].lowerBound <= range.upperBound {
        if other.ranges[probe].lowerBound > first { result.ranges.append(first...(other.ranges[probe].lowerBound - 1)) }
        first = max(first, other.ranges[probe].upperBound + 1)
        probe += 1
      }
      if first <= range.upperBound { result.ranges.append(first...range.upperBound) }
    }
    return result
  }
}
