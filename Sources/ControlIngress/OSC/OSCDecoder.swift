/// Decodes one OSC packet from untrusted bytes, strictly and within ``OSCLimits``. Every access is bounds-checked. A
/// truncated packet, wrong padding or invalid nesting is an error; the decoder never guesses.
public struct OSCDecoder {
  private let bytes: [UInt8]
  private var position = 0
  /// The end of the message, bundle or packet that is being read.
  private var end: Int
  private var messagesLeft = OSCLimits.messages

  public static func packet(_ bytes: [UInt8]) throws(OSCPacketRejection) -> OSCPacket {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= OSCLimits.packetBytes else { throw .tooLarge }
    guard bytes.count.isMultiple(of: 4) else { throw .unaligned }
    var decoder = OSCDecoder(bytes)
    return try decoder.element(depth: 1)
  }

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    end = bytes.count
  }

  /// A message or bundle that fills the bytes up to `end`.
  private mutating func element(depth: Int) throws(OSCPacketRejection) -> OSCPacket {
    messagesLeft -= 1
    guard messagesLeft >= 0 else { throw .tooManyMessages }
    switch bytes[position] {
    case UInt8(ascii: "/"): return .message(try message())
    case UInt8(ascii: "#"): return .bundle(try bundle(depth: depth))
    default: throw .badAddress
    }
  }

  private mutating func bundle(depth: Int) throws(OSCPacketRejection) -> OSCBundle {
    guard depth <= OSCLimits.depth else { throw .tooDeep }
    guard try text() == "#bundle" else { throw .badAddress }
    let timeTag = OSCTimeTag(rawValue: try bigEndian(UInt64.self))
    // A bundle is not a message. Only an empty one is counted, so that nested empty bundles are bounded too.
    if position < end { messagesLeft += 1 }
    var elements: [OSCPacket] = []
    let bundleEnd = end
    while position < bundleEnd {
      let size = Int(try bigEndian(Int32.self))
      guard size > 0, size <= bundleEnd - position else { throw .badElementSize }
      guard size.isMultiple(of: 4) else { throw .unaligned }
      end = position + size
      elements.append(try element(depth: depth + 1))
      end = bundleEnd
    }
    return OSCBundle(elements, timeTag: timeTag)
  }

  private mutating func message() throws(OSCPacketRejection) -> OSCMessage {
    let address = try text()
    guard address.utf8.count <= OSCLimits.addressBytes, address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw .badAddress
    }
    // Senders older than the standard omit the type tags, which is unambiguous without arguments.
    guard position < end else { return OSCMessage(address) }
    guard bytes[position] == UInt8(ascii: ",") else { throw .missingTypes }
    let types = Array(try text().utf8.dropFirst())
    let arguments = try arguments(of: types)
    guard position == end else { throw .trailingBytes }
    return OSCMessage(address, arguments)
  }

  private mutating func arguments(of types: [UInt8]) throws(OSCPacketRejection) -> [OSCArgument] {
    // The open arrays, outermost first, below the message's own list.
    var lists: [[OSCArgument]] = [[]]
    var count = 0
    for type in types {
      if type == UInt8(ascii: "]") {
        guard lists.count > 1, let array = lists.popLast() else { throw .unbalancedArray }
        lists[lists.count - 1].append(.array(array))
        continue
      }
      count += 1
      guard count <= OSCLimits.arguments else { throw .tooManyArguments }
      if type == UInt8(ascii: "[") {
        guard lists.count < OSCLimits.depth else { throw .tooDeep }
        lists.append([])
      } else {
        lists[lists.count - 1].append(try argument(type))
      }
    }
    guard lists.count == 1 else { throw .unbalancedArray }
    return lists[0]
  }

  private mutating func argument(_ type: UInt8) throws(OSCPacketRejection) -> OSCArgument {
    switch type {
    case UInt8(ascii: "i"): .int32(try bigEndian(Int32.self))
    case UInt8(ascii: "f"): .float(Float(bitPattern: try bigEndian(UInt32.self)))
    case UInt8(ascii: "s"): .string(try text())
    case UInt8(ascii: "b"): .blob(try blob())
    case UInt8(ascii: "h"): .int64(try bigEndian(Int64.self))
    case UInt8(ascii: "d"): .double(Double(bitPattern: try bigEndian(UInt64.self)))
    case UInt8(ascii: "T"): .bool(true)
    case UInt8(ascii: "F"): .bool(false)
    case UInt8(ascii: "N"): .null
    case UInt8(ascii: "I"): .impulse
    default: throw .unknownType(type)
    }
  }
}

// The wire's three shapes: numbers, texts, blobs.
extension OSCDecoder {
  private mutating func bigEndian<Number: FixedWidthInteger>(_: Number.Type) throws(OSCPacketRejection) -> Number {
    let size = Number.bitWidth / 8
    guard end - position >= size else { throw .truncated }
    var number: Number = 0
    for byte in bytes[position..<position + size] { number = number << 8 | Number(truncatingIfNeeded: byte) }
    position += size
    return number
  }

  private mutating func text() throws(OSCPacketRejection) -> String {
    guard let terminator = bytes[position..<end].firstIndex(of: 0) else { throw .truncated }
    guard let text = String(validating: bytes[position..<terminator], as: UTF8.self) else { throw .badText }
    position = terminator
    // At least one zero ends the text, so a text of four bytes takes eight.
    try skipPadding(4 - terminator % 4)
    return text
  }

  private mutating func blob() throws(OSCPacketRejection) -> [UInt8] {
    let size = Int(try bigEndian(Int32.self))
    guard size >= 0, size <= end - position else { throw .truncated }
    let blob = Array(bytes[position..<position + size])
    position += size
    try skipPadding((4 - size % 4) % 4)
    return blob
  }

  /// Messages start at multiples of four within the packet, so padding is counted from the packet's start.
  private mutating func skipPadding(_ count: Int) throws(OSCPacketRejection) {
    guard end - position >= count else { throw .truncated }
    guard bytes[position..<position + count].allSatisfy({ $0 == 0 }) else { throw .badPadding }
    position += count
  }
}
