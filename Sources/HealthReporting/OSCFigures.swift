/// Counts of OSC input since the start, named as in health and metrics.
public struct OSCFigures: Sendable, Equatable {
  /// Datagrams received.
  public var packets: UInt64
  /// Messages in packets that could be decoded.
  public var messages: UInt64
  /// Packets that are not OSC, or exceed the bounds.
  public var badPackets: UInt64
  /// Messages with an unknown address, or a pattern without a match.
  public var unmatched: UInt64
  /// Packets that were decoded and refused as a whole: wrong values, unknown layers, presets that can't be loaded.
  public var refused: UInt64
  /// Packets dropped because a time tag is too far in the future.
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
