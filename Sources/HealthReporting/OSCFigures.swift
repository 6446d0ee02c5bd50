/// What came in over OSC since the start, in the words of health and metrics.
public struct OSCFigures: Sendable, Equatable {
  /// Datagrams received.
  public var packets: UInt64
  /// Messages in packets that could be read.
  public var messages: UInt64
  /// Packets that are not OSC, or exceed its bounds.
  public var badPackets: UInt64
  /// Messages whose address is not ours, or matches nothing.
  public var unmatched: UInt64
  /// Packets that were understood and refused as a whole: wrong values, unknown layers, presets that can't be loaded.
  public var refused: UInt64
  /// Packets dropped because a time tag lies too far in the future.
  public var tooEarly: UInt64

  public init(
    packets: UInt64 = 0, messages: UInt64 = 0, badPackets: UInt64 = 0, unmatched: UInt64 = 0, refused: UInt64 = 0,
    tooEarly: UInt64 = 0
  ) {
    self.packets = packets
    self.messages = messages
    self.badPackets = badPackets
    self.unmatched = unmatched
    self.refused = refused
    self.tooEarly = tooEarly
  }
}
