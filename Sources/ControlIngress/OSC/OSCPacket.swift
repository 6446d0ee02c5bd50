/// One argument of a message (OSC 1.0 types `i f s b h d T F N I` and arrays).
public enum OSCArgument: Sendable, Equatable {
  case int32(Int32)
  case float(Float)
  case string(String)
  case blob([UInt8])
  case int64(Int64)
  case double(Double)
  case bool(Bool)
  case null
  /// The type `I`: an impulse without a value.
  case impulse
  case array([OSCArgument])
}

public struct OSCMessage: Sendable, Equatable {
  /// Starts with `/`; may be a pattern (see ``OSCAddressPattern``).
  public var address: String
  public var arguments: [OSCArgument]

  public init(_ address: String, _ arguments: [OSCArgument] = []) {
    self.address = address
    self.arguments = arguments
  }
}

public struct OSCBundle: Sendable, Equatable {
  public var timeTag: OSCTimeTag
  public var elements: [OSCPacket]

  public init(_ elements: [OSCPacket], timeTag: OSCTimeTag = .immediately) {
    self.timeTag = timeTag
    self.elements = elements
  }
}

/// The content of one datagram.
public indirect enum OSCPacket: Sendable, Equatable {
  case message(OSCMessage)
  case bundle(OSCBundle)

  /// The messages in their order in the packet, with nested bundles flattened.
  public var messages: [OSCMessage] {
    switch self {
    case .message(let message): [message]
    case .bundle(let bundle): bundle.elements.flatMap(\.messages)
    }
  }

  /// The time tags of all bundles in it.
  var timeTags: [OSCTimeTag] {
    switch self {
    case .message: []
    case .bundle(let bundle): [bundle.timeTag] + bundle.elements.flatMap(\.timeTags)
    }
  }
}

/// A time in NTP's format: the upper 32 bits are seconds since 1900, the lower 32 the fraction of a second.
public struct OSCTimeTag: Sendable, Equatable {
  public var rawValue: UInt64

  /// The value that means "at once".
  public static let immediately = OSCTimeTag(rawValue: 1)

  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// - Parameter unixMilliseconds: wall clock, milliseconds since 1970.
  public init(unixMilliseconds: Int64) {
    let (seconds, rest) = unixMilliseconds.quotientAndRemainder(dividingBy: 1000)
    let ntpSeconds = UInt64(bitPattern: seconds &+ Self.secondsFrom1900To1970) & 0xFFFF_FFFF
    rawValue = ntpSeconds << 32 | UInt64(clamping: rest) << 32 / 1000
  }

  /// The time from `now` until this moment; negative if it has passed. The difference wraps with the 32-bit seconds, so
  /// that it is right beyond February 2036. The wall clock is in milliseconds since 1970.
  public func delay(atUnixMilliseconds now: Int64) -> Duration {
    if self == .immediately { return .zero }
    let difference = Int64(bitPattern: rawValue &- OSCTimeTag(unixMilliseconds: now).rawValue)
    let fraction = (difference & 0xFFFF_FFFF) * 1000
    return .milliseconds((difference >> 32) * 1000 + (fraction >> 32))
  }

  private static let secondsFrom1900To1970: Int64 = 2_208_988_800
}
