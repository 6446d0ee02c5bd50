// What other parts of the host count, in the words of health and metrics. Every number counts from the host's start.

/// Frames by what became of them.
public struct VideoFigures: Sendable, Equatable {
  public var completed: UInt64
  public var displayedLate: UInt64
  public var dropped: UInt64
  public var flushed: UInt64
  public var rendered: UInt64
  /// The longest that rendering one frame took.
  public var worstRenderTime: Duration

  public init(
    completed: UInt64 = 0, displayedLate: UInt64 = 0, dropped: UInt64 = 0, flushed: UInt64 = 0, rendered: UInt64 = 0,
    worstRenderTime: Duration = .zero
  ) {
    self.completed = completed
    self.displayedLate = displayedLate
    self.dropped = dropped
    self.flushed = flushed
    self.rendered = rendered
    self.worstRenderTime = worstRenderTime
  }
}

/// What came in over OSC.
public struct OSCFigures: Sendable, Equatable {
  public var packets: UInt64
  public var messages: UInt64
  /// Packets that are no OSC, or beyond its bounds.
  public var badPackets: UInt64
  /// Messages whose address matches nothing.
  public var unmatched: UInt64
  /// Packets that were understood and refused.
  public var refused: UInt64
  /// Packets whose time lies too far ahead.
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

/// What became of a mutation; the raw values are those of the runtime's mutation classes, and `refused`.
public enum MutationFate: String, Sendable, CaseIterable {
  case durable, committedLive, transient, renderLocal, refused
}

/// What the recovery ladder did at the start.
public struct RecoveryReport: Sendable, Equatable {
  /// What the show was taken from, such as `generation 41` or `preset opening`.
  public var from: String
  /// The ladder's rung, by its name.
  public var rung: String
  /// One entry for each thing that was lost.
  public var lost: [String]

  public init(from: String, rung: String, lost: [String]) {
    self.from = from
    self.rung = rung
    self.lost = lost
  }
}
