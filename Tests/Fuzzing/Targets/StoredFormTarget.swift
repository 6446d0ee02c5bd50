import PersistenceMessages
import StudioState

@testable import GenerationStore

/// A manifest's ranges, and the content of `head.json`: what can be read at all is written as the same bytes again, and
/// no arithmetic on it overflows.
func storedFormsReadBackAsTheyWereWritten(_ bytes: UnsafeBufferPointer<UInt8>) {
  let text = Array(bytes)
  if let ranges = DocumentRanges(json: text) {
    let written = Array(ranges.json.utf8)
    mustHold(DocumentRanges(json: written) == ranges, "ranges read back as they were")
    mustHold(ranges.count >= ranges.ranges.count, "a range names one document at least")
    mustHold(ranges.subtracting(ranges).isEmpty, "nothing is left of a set without itself")
    mustHold(ranges.subtracting(DocumentRanges()) == ranges, "a set without nothing is itself")
    let half = DocumentRanges(json: Array("[[1,\(ranges.last ?? 1)]]".utf8)) ?? DocumentRanges()
    mustHold(ranges.subtracting(half).isEmpty, "nothing lies outside of what covers all")
    mustHold(half.subtracting(half.subtracting(ranges)) == ranges.joined, "what is not outside of a set is in it")
  }
  if let mark = HeadFile.mark(in: text) {
    mustHold(mark.generation >= 0 && mark.generation + 1 > 0, "the next generation has a number")
    let written = HeadFile.bytes(of: mark)
    mustHold(written.count == 128, "the file is never longer than one write: \(written.count)")
    mustHold(HeadFile.mark(in: written) == mark, "the mark reads back as it was")
  }
  for time in [HeadFile.mark(in: text)?.storedAtUnixMs ?? 0] {
    mustHold(UTCTime.text(unixMilliseconds: time).utf8.count == 24, "a time has 24 characters")
  }
}

extension DocumentRanges {
  /// The same ids with neighbouring ranges made one: the form in which subtraction leaves them.
  fileprivate var joined: DocumentRanges {
    var joined: [ClosedRange<Int64>] = []
    for range in ranges {
      if let last = joined.last, last.upperBound + 1 == range.lowerBound {
        joined[joined.count - 1] = last.lowerBound...range.upperBound
      } else {
        joined.append(range)
      }
    }
    let text = "[" + joined.map { "[\($0.lowerBound),\($0.upperBound)]" }.joined(separator: ",") + "]"
    return DocumentRanges(json: Array(text.utf8)) ?? DocumentRanges()
  }
}
