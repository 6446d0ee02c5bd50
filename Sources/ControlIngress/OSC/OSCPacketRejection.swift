/// What is wrong with a packet. Nobody is told but a counter: an answer to a broken packet is how storms begin.
public enum OSCPacketRejection: Error, Sendable, Equatable {
  case empty
  case tooLarge
  /// Everything in a packet is a multiple of four bytes long.
  case unaligned
  case truncated
  /// The bytes that fill a text or blob up to four must be zero.
  case badPadding
  /// Not UTF-8.
  case badText
  /// An address starts with `/` and has at most 1,024 printable bytes.
  case badAddress
  /// Arguments without the text that names their types.
  case missingTypes
  case unknownType(UInt8)
  case unbalancedArray
  case tooDeep
  case tooManyArguments
  case tooManyMessages
  /// A bundle's element says that it is larger than what is there, or has no size at all.
  case badElementSize
  case trailingBytes
}

/// The bounds of what is read from one packet.
public enum OSCLimits {
  /// More than UDP over IP can carry (65,507 bytes), so that nothing legitimate is cut.
  public static let packetBytes = 65_536
  /// Nesting of bundles, and of arrays within a message. It also bounds the recursion of the decoder.
  public static let depth = 8
  /// Arguments of one message, arrays and their elements included: six times a colour for each of ten layers.
  public static let arguments = 256
  /// Messages of one packet, empty bundles included: a quarter of the largest show (4,096 layers).
  public static let messages = 1_024
  /// Bytes of an address; the longest that can mean something has 64 for the layer, 64 for the parameter and 30 more.
  public static let addressBytes = 1_024
}
