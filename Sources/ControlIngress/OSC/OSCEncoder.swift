/// Writes OSC packets: the host's answers, and the packets of tests.
public struct OSCEncoder {
  private var bytes: [UInt8] = []

  public static func encode(_ packet: OSCPacket) -> [UInt8] {
    var encoder = OSCEncoder()
    encoder.write(packet)
    return encoder.bytes
  }

  private mutating func write(_ packet: OSCPacket) {
    switch packet {
    case .message(let message):
      write(message.address)
      write("," + message.arguments.map(Self.type).joined())
      for argument in message.arguments { write(argument) }
    case .bundle(let bundle):
      write("#bundle")
      write(bigEndian: bundle.timeTag.rawValue)
      for element in bundle.elements {
        let encoded = Self.encode(element)
        write(bigEndian: Int32(clamping: encoded.count))
        bytes += encoded
      }
    }
  }

  private static func type(_ argument: OSCArgument) -> String {
    switch argument {
    case .int32: "i"
    case .float: "f"
    case .string: "s"
    case .blob: "b"
    case .int64: "h"
    case .double: "d"
    case .bool(let value): value ? "T" : "F"
    case .null: "N"
    case .impulse: "I"
    case .array(let elements): "[" + elements.map(type).joined() + "]"
    }
  }

  private mutating func write(_ argument: OSCArgument) {
    switch argument {
    case .int32(let value): write(bigEndian: value)
    case .float(let value): write(bigEndian: value.bitPattern)
    case .string(let value): write(value)
    case .blob(let value):
      write(bigEndian: Int32(clamping: value.count))
      bytes += value
      pad()
    case .int64(let value): write(bigEndian: value)
    case .double(let value): write(bigEndian: value.bitPattern)
    case .bool, .null, .impulse: break
    case .array(let elements):
      for element in elements { write(element) }
    }
  }

  private mutating func write(bigEndian number: some FixedWidthInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// A text ends at its first zero byte, as on the wire.
  private mutating func write(_ text: String) {
    bytes += text.utf8.prefix { $0 != 0 }
    bytes.append(0)
    pad()
  }

  private mutating func pad() {
    while !bytes.count.isMultiple(of: 4) { bytes.append(0) }
  }
}
