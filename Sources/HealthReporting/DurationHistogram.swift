/// Counts durations by a few upper bounds. A value; its owner guards it.
public struct DurationHistogram: Sendable, Equatable {
  /// Upper bounds of the buckets, in seconds: from the fastest measured store (0.2 ms) to a stalling disk.
  public static let bounds: [Double] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  /// The number of durations up to the bound with the same index and above the previous one. The last element counts
  /// those above all bounds.
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
