/// An address that may be a pattern, part by part between the slashes: `?` is any byte, `*` any run of bytes, `[a-z]`
/// and `[!abc]` one byte of a set, `{bars,plasma}` one of several words (OSC 1.0). No pattern matches a slash.
///
/// A part is matched by walking its tokens once with the set of all positions that can be reached in the text, so the
/// cost is pattern bytes times text bytes and nothing backtracks, whatever a sender writes.
public struct OSCAddressPattern: Sendable {
  public let parts: [Part]

  /// Nil if a bracket or brace is not closed, or a part is empty.
  public init?(_ address: String) {
    let pieces = address.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard pieces.first?.isEmpty == true, pieces.count > 1 else { return nil }
    var parts: [Part] = []
    for piece in pieces.dropFirst() {
      guard let part = Part(Array(piece)) else { return nil }
      parts.append(part)
    }
    self.parts = parts
  }

  /// One part of an address.
  public struct Part: Sendable {
    /// The part itself if it contains no pattern: such a part is looked up instead of searched.
    public let literal: String?
    /// Length of the part in bytes, one factor of the cost of a match.
    let byteCount: Int
    private let tokens: [Token]

    init?(_ bytes: [UInt8]) {
      guard !bytes.isEmpty, let tokens = Self.tokens(bytes) else { return nil }
      self.tokens = tokens
      byteCount = bytes.count
      let isLiteral = tokens.allSatisfy { if case .byte = $0 { true } else { false } }
      literal = isLiteral ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// Whether the whole of `text` matches. Texts of more than 127 bytes never do: names have at most 64.
    public func matches(_ text: String) -> Bool {
      if let literal { return literal.utf8.elementsEqual(text.utf8) }
      let bytes = Array(text.utf8)
      guard bytes.count < 128 else { return false }
      // Bit n: the tokens so far can match the first n bytes.
      var reached: UInt128 = 1
      let all = bytes.count == 127 ? UInt128.max : (1 << UInt128(bytes.count + 1)) - 1
      for token in tokens where reached != 0 {
        reached = token.advance(reached, over: bytes) & all
      }
      return reached >> UInt128(bytes.count) & 1 == 1
    }
  }
}

extension OSCAddressPattern.Part {
  private enum Token: Sendable {
    case byte(UInt8)
    case anyByte
    case anyRun
    case oneOf([ClosedRange<UInt8>], isNegated: Bool)
    case words([[UInt8]])

    /// From the positions before this token to those after it.
    func advance(_ reached: UInt128, over text: [UInt8]) -> UInt128 {
      switch self {
      case .byte(let byte): step(reached, over: text) { $0 == byte }
      case .anyByte: reached << 1
      // Every position from the lowest reached one on.
      case .anyRun: ~((reached & (~reached &+ 1)) &- 1)
      case .oneOf(let ranges, let isNegated):
        step(reached, over: text) { byte in ranges.contains { $0.contains(byte) } != isNegated }
      case .words(let words): words.reduce(0) { $0 | advance(reached, word: $1, over: text) }
      }
    }

    private func step(_ reached: UInt128, over text: [UInt8], _ accepts: (UInt8) -> Bool) -> UInt128 {
      var next: UInt128 = 0
      for (index, byte) in text.enumerated() where reached >> UInt128(index) & 1 == 1 && accepts(byte) {
        next |= 1 << UInt128(index + 1)
      }
      return next
    }

    private func advance(_ reached: UInt128, word: [UInt8], over text: [UInt8]) -> UInt128 {
      word.reduce(reached) { reached, byte in step(reached, over: text) { $0 == byte } }
    }
  }

  private static func tokens(_ bytes: [UInt8]) -> [Token]? {
    var tokens: [Token] = []
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "?"): tokens.append(.anyByte)
      case UInt8(ascii: "*"): tokens.append(.anyRun)
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        let closing = bytes[index] == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: "}")
        guard let end = bytes[index...].firstIndex(of: closing) else { return nil }
        let content = bytes[index + 1..<end]
        tokens.append(closing == UInt8(ascii: "]") ? set(content) : words(content))
        index = end
      case UInt8(ascii: "]"), UInt8(ascii: "}"): return nil
      case let byte: tokens.append(.byte(byte))
      }
      index += 1
    }
    return tokens
  }

  private static func words(_ content: ArraySlice<UInt8>) -> Token {
    .words(content.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Array.init))
  }

  /// `a-z` is a range in either direction; a `-` at the edge is literal.
  private static func set(_ content: ArraySlice<UInt8>) -> Token {
    let isNegated = content.first == UInt8(ascii: "!")
    let members = Array(isNegated ? content.dropFirst() : content)
    var ranges: [ClosedRange<UInt8>] = []
    var index = 0
    while index < members.count {
      let first = members[index]
      if index + 2 < members.count, members[index + 1] == UInt8(ascii: "-") {
        ranges.append(min(first, members[index + 2])...max(first, members[index + 2]))
        index += 3
      } else {
        ranges.append(first...first)
        index += 1
      }
    }
    return .oneOf(ranges, isNegated: isNegated)
  }
}
