import ControlIngress

/// A pattern and a text, a zero byte between them: the matcher says what the reference says, and what is too long for
/// the reference is at least decided in time.
func patternsMatchAsTheReferenceDoes(_ bytes: UnsafeBufferPointer<UInt8>) {
  let halves = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
  guard let address = String(validating: halves[0], as: UTF8.self),
    let text = String(validating: halves.count > 1 ? halves[1] : [], as: UTF8.self),
    let parts = OSCAddressPattern(address)?.parts
  else { return }
  mustHold(parts.count == address.utf8.count { $0 == UInt8(ascii: "/") }, "a part stands behind each slash")
  for (part, pattern) in zip(parts, address.utf8.split(separator: UInt8(ascii: "/"))) {
    let matches = part.matches(text)
    let branches = pattern.count { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: ",") }
    guard branches <= 4, text.utf8.count <= 32 else { continue }
    mustHold(
      matches == PatternReference.matches(pattern, Array(text.utf8)[...]), "\(part) and the reference agree on \(text)")
  }
}

/// The rules of OSC 1.0 as they read, with backtracking: short, slow, and made in another way than the matcher.
enum PatternReference {
  static func matches(_ pattern: Substring.UTF8View, _ text: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    switch first {
    case UInt8(ascii: "?"): return !text.isEmpty && matches(rest, text.dropFirst())
    case UInt8(ascii: "*"): return matches(rest, text) || !text.isEmpty && matches(pattern, text.dropFirst())
    case UInt8(ascii: "["):
      guard let byte = text.first else { return false }
      let (set, after) = enclosed(rest, closing: UInt8(ascii: "]"))
      return isMember(byte, of: set) && matches(after, text.dropFirst())
    case UInt8(ascii: "{"):
      let (words, after) = enclosed(rest, closing: UInt8(ascii: "}"))
      return words.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).contains { word in
        text.starts(with: word) && matches(after, text.dropFirst(word.count))
      }
    default: return text.first == first && matches(rest, text.dropFirst())
    }
  }

  private static func enclosed(
    _ pattern: Substring.UTF8View, closing: UInt8
  ) -> (Substring.UTF8View, Substring.UTF8View) {
    guard let end = pattern.firstIndex(of: closing) else { fatalError("an open bracket became a pattern") }
    return (pattern[..<end], pattern[end...].dropFirst())
  }

  private static func isMember(_ byte: UInt8, of set: Substring.UTF8View) -> Bool {
    if set.first == UInt8(ascii: "!") { return !isMember(byte, ofListed: Array(set.dropFirst())[...]) }
    return isMember(byte, ofListed: Array(set)[...])
  }

  private static func isMember(_ byte: UInt8, ofListed members: ArraySlice<UInt8>) -> Bool {
    guard let first = members.first else { return false }
    let afterFirst = members.dropFirst()
    if afterFirst.first == UInt8(ascii: "-"), let last = afterFirst.dropFirst().first {
      return byte >= min(first, last) && byte <= max(first, last) || isMember(byte, ofListed: members.dropFirst(3))
    }
    return byte == first || isMember(byte, ofListed: afterFirst)
  }
}
