/// Writes JSON so that equal values always have equal bytes: members sorted by the bytes of their names, no white
/// space, the shortest decimal that reads back as the same Double, a fraction part on every Double (`3.0`) so that it
/// never reads back as an integer, and `0.0` for negative zero.
///
/// Only finite numbers can be written. Other numbers are refused where values enter the state
/// (`ParameterDefinition.validated(_:)`), so one that arrives here is a bug; it is written as `null`, which fails the
/// reader's check instead of losing the whole document.
public struct CanonicalJSON {
  public private(set) var bytes: [UInt8] = []

  public init(reservingBytes capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  public static func encode(_ value: JSONValue) -> [UInt8] {
    var writer = CanonicalJSON()
    writer.write(value)
    return writer.bytes
  }

  public static func text(_ value: JSONValue) -> String {
    String(decoding: encode(value), as: UTF8.self)
  }

  public mutating func write(_ value: JSONValue) {
    switch value {
    case .null: raw("null")
    case .bool(let value): raw(value ? "true" : "false")
    case .int(let value): write(value)
    case .double(let value): write(value)
    case .string(let value): write(value)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        write(element)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.sorted(by: { Self.precedes($0.name, $1.name) }).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        write(member.name)
        bytes.append(UInt8(ascii: ":"))
        write(member.value)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// The order of member names: by their UTF-8 bytes.
  public static func precedes(_ left: String, _ right: String) -> Bool {
    UTF8Order.compare(left, right) < 0
  }

  /// Appends JSON text that is known to be canonical.
  public mutating func raw(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends JSON text that is known to be canonical.
  public mutating func raw(_ text: [UInt8]) {
    bytes.append(contentsOf: text)
  }

  public mutating func write(_ value: Int64) {
    bytes.append(contentsOf: value.description.utf8)
  }

  public mutating func write(_ value: Double) {
    guard value.isFinite else { return raw("null") }
    // Swift prints the shortest decimal that reads back the same, always with a fraction or an exponent.
    bytes.append(contentsOf: (value == 0 ? 0.0 : value).description.utf8)
  }

  public mutating func write(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""): raw("\\\"")
      case UInt8(ascii: "\\"): raw("\\\\")
      case 0x0A: raw("\\n")
      case 0x0D: raw("\\r")
      case 0x09: raw("\\t")
      case 0..<0x20:
        raw("\\u00")
        bytes.append(Self.hexadecimal[Int(byte >> 4)])
        bytes.append(Self.hexadecimal[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static let hexadecimal = Array("0123456789abcdef".utf8)
}
