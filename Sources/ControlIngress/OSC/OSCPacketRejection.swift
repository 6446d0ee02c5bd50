/// The reason why a packet was refused. It is only counted; answering malformed packets could cause packet storms.
public enum OSCPacketRejection: Error, Sendable, Equatable {
  case empty
  case tooLarge
  /// The length of a part is not a multiple of four bytes.
  case unaligned
  case truncated
  /// The padding of a text or blob is not zero.
  case badPadding
  /// Not UTF-8.
  case badText
  /// The address does not start with `/`, or has other bytes than at most 1,024 printable ones.
  case badAddress
  /// Arguments without a type tag string.
  case missingTypes
  case unknownType(UInt8)
  case unbalancedArray
  case tooDeep
  case tooManyArguments
  case tooManyMessages
  /// A bundle's element has a size of zero, or one that exceeds the packet.
  case badElementSize
  case trailingBytes
}

/// The bounds of one packet.
public enum OSCLimits {
  /// Largest packet, in bytes; more than UDP over IP can carry (65,507 bytes), so that no valid packet is truncated.
  public static let packetBytes = 65_536
  /// Deepest nesting of bundles, and of arrays within a message. It also bounds the recursion of the decoder.
  public static let depth = 8
  /// Most arguments of one message, including arrays and their elements: six times a colour for each of ten layers.
  public static let arguments = 256
  /// Most messages of one packet, including empty bundles: a quarter of the largest show (4,096 layers).
  public static let messages = 1_024
  /// Longest address, in bytes; the longest valid one has 64 for the layer, 64 for the parameter and 30 more.
  public static let addressBytes = 1_024
}
