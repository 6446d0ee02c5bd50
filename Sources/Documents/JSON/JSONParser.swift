/// Reads one JSON text (RFC 8259) from untrusted bytes, strictly: a bounded size and depth, valid UTF-8, no duplicate
/// keys, no numbers beyond Double, nothing after the value.
///
/// Foundation's parsers neither detect duplicate keys nor distinguish 3 from 3.0, and a parameter's type must survive
/// storing (docs/decisions/0007-own-json.md).
public struct JSONParser {
  public struct Limits: Sendable {
    /// Largest text, in bytes.
    public var bytes: Int
    /// Deepest nesting of arrays and objects. It also bounds the recursion of this parser.
    public var depth: Int

    public init(bytes: Int, depth: Int = 32) {
      self.bytes = bytes
      self.depth = depth
    }
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let limits: Limits
  /// Nil: duplicate keys are refused. Otherwise the last value of a key is used, and the key is added here.
  private var repeatedKeys: [String]?
  private var position = 0
  private var depth = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>, limits: Limits) {
    self.bytes = bytes
    self.limits = limits
  }

  /// Parses `text`, which must hold exactly one value with optional white space around it.
  public static func parse(_ text: some Sequence<UInt8>, limits: Limits) throws(JSONRejection) -> JSONValue {
    if let result = text.withContiguousStorageIfAvailable({ buffer in parse(buffer: buffer, limits: limits) }) {
      return try result.get()
    }
    return try Array(text).withUnsafeBufferPointer { parse(buffer: $0, limits: limits) }.get()
  }

  public static func parse(_ text: String, limits: Limits) throws(JSONRejection) -> JSONValue {
    try parse(Array(text.utf8), limits: limits)
  }

  /// Parses a text that another program wrote, in which keys may be duplicated: the last value is used.
  ///
  /// - Returns: the value, and each duplicate key, in the order of the text.
  public static func parseLastKeyCounts(
    _ text: some Sequence<UInt8>, limits: Limits
  ) throws(JSONRejection) -> (value: JSONValue, repeatedKeys: [String]) {
    let bytes = [UInt8](text)
    return try bytes.withUnsafeBufferPointer { parseLastKeyCounts(buffer: $0, limits: limits) }.get()
  }

  private static func parseLastKeyCounts(
    buffer: UnsafeBufferPointer<UInt8>, limits: Limits
  ) -> Result<(value: JSONValue, repeatedKeys: [String]), JSONRejection> {
    var parser = JSONParser(buffer, limits: limits)
    parser.repeatedKeys = []
    do throws(JSONRejection) {
      let value = try parser.wholeText()
      return .success((value, parser.repeatedKeys ?? []))
    } catch {
      return .failure(error)
    }
  }

  private static func parse(
    buffer: UnsafeBufferPointer<UInt8>, limits: Limits
  ) -> Result<JSONValue, JSONRejection> {
    var parser = JSONParser(buffer, limits: limits)
    do throws(JSONRejection) {
      return .success(try parser.wholeText())
    } catch {
      return .failure(error)
    }
  }

  private mutating func wholeText() throws(JSONRejection) -> JSONValue {
    guard bytes.count <= limits.bytes else {
      throw JSONRejection(.tooLarge, at: limits.bytes, "\(bytes.count) bytes, at most \(limits.bytes) are read")
    }
    skipWhiteSpace()
    let value = try value()
    skipWhiteSpace()
    guard position == bytes.count else {
      throw JSONRejection(.trailingBytes, at: position, "something follows the value")
    }
    return value
  }

  private mutating func value() throws(JSONRejection) -> JSONValue {
    switch try peek() {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw JSONRejection(.unexpected, at: position, "no value starts with this byte")
    }
  }

  private mutating func object() throws(JSONRejection) -> JSONValue {
    try enter()
    var members: [JSONValue.Member] = []
    var places: [String: Int] = [:]
    skipWhiteSpace()
    if try peek() == UInt8(ascii: "}") {
      leave()
      return .object(members)
    }
    while true {
      skipWhiteSpace()
      let start = position
      guard try peek() == UInt8(ascii: "\"") else {
        throw JSONRejection(.unexpected, at: position, "a member's name in quotes is expected")
      }
      let name = try string()
      let earlier = places.updateValue(members.count, forKey: name)
      guard earlier == nil || repeatedKeys != nil else {
        throw JSONRejection(.duplicateKey, at: start, "the key \"\(name)\" stands here twice")
      }
      skipWhiteSpace()
      try expect(UInt8(ascii: ":"), "a colon after the member's name")
      skipWhiteSpace()
      let value = try value()
      if let earlier {
        repeatedKeys?.append(name)
        places[name] = earlier
        members[earlier].value = value
      } else {
        members.append(JSONValue.Member(name, value))
      }
      if try endsAfterElement(closing: UInt8(ascii: "}")) { return .object(members) }
    }
  }

  private mutating func array() throws(JSONRejection) -> JSONValue {
    try enter()
    var elements: [JSONValue] = []
    skipWhiteSpace()
    if try peek() == UInt8(ascii: "]") {
      leave()
      return .array(elements)
    }
    while true {
      skipWhiteSpace()
      elements.append(try value())
      if try endsAfterElement(closing: UInt8(ascii: "]")) { return .array(elements) }
    }
  }

  /// After an element: true at the closing byte, false at a comma.
  private mutating func endsAfterElement(closing: UInt8) throws(JSONRejection) -> Bool {
    skipWhiteSpace()
    let byte = try peek()
    if byte == closing {
      leave()
      return true
    }
    guard byte == UInt8(ascii: ",") else {
      throw JSONRejection(.unexpected, at: position, "a comma or the closing bracket is expected")
    }
    position += 1
    return false
  }

  private mutating func enter() throws(JSONRejection) {
    depth += 1
    guard depth <= limits.depth else {
      throw JSONRejection(.tooDeep, at: position, "nested deeper than \(limits.depth) levels")
    }
    position += 1
  }

  private mutating func leave() {
    depth -= 1
    position += 1
  }

  private mutating func number() throws(JSONRejection) -> JSONValue {
    let start = position
    var isFraction = false
    if try peek() == UInt8(ascii: "-") { position += 1 }
    let digitsStart = position
    skipDigits()
    guard position > digitsStart else { throw JSONRejection(.badNumber, at: start, "a digit is missing") }
    guard bytes[digitsStart] != UInt8(ascii: "0") || position == digitsStart + 1 else {
      throw JSONRejection(.badNumber, at: start, "a number can't start with 0")
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      isFraction = true
      position += 1
      let fractionStart = position
      skipDigits()
      guard position > fractionStart else { throw JSONRejection(.badNumber, at: start, "no digit after the point") }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isFraction = true
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
        position += 1
      }
      let exponentStart = position
      skipDigits()
      guard position > exponentStart else { throw JSONRejection(.badNumber, at: start, "the exponent has no digit") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if !isFraction, let integer = Int64(text) { return .int(integer) }
    guard let double = Double(text), double.isFinite else {
      throw JSONRejection(.badNumber, at: start, "the number is beyond the range of a 64-bit fraction")
    }
    return .double(double)
  }

  private mutating func skipDigits() {
    while position < bytes.count, bytes[position] >= UInt8(ascii: "0"), bytes[position] <= UInt8(ascii: "9") {
      position += 1
    }
  }

  private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONRejection) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard position < bytes.count, bytes[position] == word.utf8Start[index] else {
        throw JSONRejection(.unexpected, at: position, "\(word) is expected")
      }
      position += 1
    }
    return value
  }

  private mutating func expect(_ byte: UInt8, _ what: String) throws(JSONRejection) {
    guard try peek() == byte else { throw JSONRejection(.unexpected, at: position, "\(what) is expected") }
    position += 1
  }

  private func peek() throws(JSONRejection) -> UInt8 {
    guard position < bytes.count else { throw JSONRejection(.truncated, at: position, "the text ends too early") }
    return bytes[position]
  }

  private mutating func skipWhiteSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }
}

// Strings.
extension JSONParser {
  private mutating func string() throws(JSONRejection) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let text = try utf8(bytes[start..<position], at: start)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        return try stringWithEscapes(from: start)
      case 0..<0x20:
        throw JSONRejection(.badString, at: position, "a control character must be escaped")
      default:
        position += 1
      }
    }
    throw JSONRejection(.truncated, at: position, "the text ends within a string")
  }

  private mutating func stringWithEscapes(from start: Int) throws(JSONRejection) -> String {
    var buffer = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let text = String(validating: buffer, as: UTF8.self) else {
          throw JSONRejection(.badUTF8, at: start, "the string is not valid UTF-8")
        }
        return text
      case UInt8(ascii: "\\"):
        position += 1
        buffer.append(contentsOf: Array(String(try escape()).utf8))
      case 0..<0x20:
        throw JSONRejection(.badString, at: position, "a control character must be escaped")
      default:
        buffer.append(byte)
        position += 1
      }
    }
    throw JSONRejection(.truncated, at: position, "the text ends within a string")
  }

  private mutating func escape() throws(JSONRejection) -> Unicode.Scalar {
    let byte = try peek()
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw JSONRejection(.badString, at: position - 1, "there is no such escape")
    }
  }

  private mutating func unicodeEscape() throws(JSONRejection) -> Unicode.Scalar {
    let start = position
    let first = try hexadecimalUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw JSONRejection(.badString, at: start, "half of a surrogate pair") }
    position += 2
    let second = try hexadecimalUnit()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    else { throw JSONRejection(.badString, at: start, "half of a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimalUnit() throws(JSONRejection) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(try peek())).hexDigitValue else {
        throw JSONRejection(.badString, at: position, "four hexadecimal digits are expected")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private func utf8(_ slice: Slice<UnsafeBufferPointer<UInt8>>, at start: Int) throws(JSONRejection) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw JSONRejection(.badUTF8, at: start, "the string is not valid UTF-8")
    }
    return text
  }
}
