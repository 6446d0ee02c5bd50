import Synchronization

/// What came in over OSC since the start. Counting is one atomic addition; any thread may read.
public final class OSCCounters: Sendable {
  public struct Figures: Sendable, Equatable {
    /// Datagrams received.
    public var packets: UInt64 = 0
    /// Messages in packets that could be read.
    public var messages: UInt64 = 0
    /// Packets that are no OSC, or beyond its bounds.
    public var badPackets: UInt64 = 0
    /// Messages whose address is not ours, or matches nothing.
    public var unmatched: UInt64 = 0
    /// Packets that were understood and refused as a whole: wrong values, unknown layers, presets that can't be loaded.
    public var refused: UInt64 = 0
    /// Packets dropped because a time tag lies too far in the future.
    public var tooEarly: UInt64 = 0

    public init() {}
  }

  let packets = Atomic<UInt64>(0)
  let messages = Atomic<UInt64>(0)
  let badPackets = Atomic<UInt64>(0)
  let unmatched = Atomic<UInt64>(0)
  let refused = Atomic<UInt64>(0)
  let tooEarly = Atomic<UInt64>(0)

  public init() {}

  public var figures: Figures {
    var figures = Figures()
    figures.packets = packets.load(ordering: .relaxed)
    figures.messages = messages.load(ordering: .relaxed)
    figures.badPackets = badPackets.load(ordering: .relaxed)
    figures.unmatched = unmatched.load(ordering: .relaxed)
    figures.refused = refused.load(ordering: .relaxed)
    figures.tooEarly = tooEarly.load(ordering: .relaxed)
    return figures
  }
}

extension Atomic<UInt64> {
  func count(_ more: Int = 1) {
    wrappingAdd(UInt64(clamping: more), ordering: .relaxed)
  }
}
