/// How many durations fell below each of a few bounds. A value: whoever owns it guards it.
public struct DurationHistogram: Sendable, Equatable {
  /// Upper bounds of the buckets, in seconds: from the fastest store measured (0.2 ms) to a disk that stalls for longer
  /// than anyone should wait.
  public static let bounds: [Double] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  /// Durations at most as long as the bound with the same index and longer than the one before; the last element counts
  /// those beyond all bounds.
  public private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
  public private(set) var sum: Duration = .zero

  public init() {}

  public var count: UInt64 { counts.reduce(0, +) }

  public mutating func add(_ duration: Duration) {
    let seconds = duration.inSeconds
    counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
    sum += duration
  }
}
