public import HealthReporting
import Synchronization

/// Counts of OSC input since the start. Counting is one atomic addition; any thread may read.
public final class OSCCounters: Sendable {
  let packets = Atomic<UInt64>(0)
  let messages = Atomic<UInt64>(0)
  let badPackets = Atomic<UInt64>(0)
  let unmatched = Atomic<UInt64>(0)
  let refused = Atomic<UInt64>(0)
  let tooEarly = Atomic<UInt64>(0)

  public init() {}

  public var figures: OSCFigures {
    var figures = OSCFigures()
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
