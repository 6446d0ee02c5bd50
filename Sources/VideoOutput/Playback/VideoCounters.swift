import Synchronization

/// Counters of an output since its start.
public struct VideoCounters: Sendable, Equatable {
  /// Frames shown at their time.
  public var completed: UInt64 = 0
  /// Frames shown after their time.
  public var displayedLate: UInt64 = 0
  /// Frames never shown: superseded by a newer one, or never rendered because their time had passed.
  public var dropped: UInt64 = 0
  /// Frames never shown because playback stopped, at the end or for another frame rate or size.
  public var flushed: UInt64 = 0
  public var renderedFrames: UInt64 = 0
  /// The number of the newest render snapshot that was rendered; 0 before the first.
  public var newestSnapshot: UInt64 = 0
  /// The longest rendering time of one frame.
  public var worstRenderTime: Duration = .zero

  public init() {}
}

/// The shared counters: only the render thread writes them, any thread reads them. Each counter is exact, but a reader
/// may see one of them a frame ahead of another.
final class VideoCounterCells: Sendable {
  private let completed = Atomic<UInt64>(0)
  private let displayedLate = Atomic<UInt64>(0)
  private let dropped = Atomic<UInt64>(0)
  private let flushed = Atomic<UInt64>(0)
  private let renderedFrames = Atomic<UInt64>(0)
  private let newestSnapshot = Atomic<UInt64>(0)
  private let worstRenderNanoseconds = Atomic<Int64>(0)

  func count<Frame>(_ result: ScheduledPlayback<Frame>.Result) {
    switch result {
    case .completed: completed.wrappingAdd(1, ordering: .relaxed)
    case .displayedLate: displayedLate.wrappingAdd(1, ordering: .relaxed)
    case .dropped: dropped.wrappingAdd(1, ordering: .relaxed)
    case .flushed: flushed.wrappingAdd(1, ordering: .relaxed)
    }
  }

  func countSkipped(_ frames: Int64) {
    dropped.wrappingAdd(UInt64(clamping: frames), ordering: .relaxed)
  }

  func countRendered(snapshot: UInt64, took: Duration) {
    renderedFrames.wrappingAdd(1, ordering: .relaxed)
    newestSnapshot.max(snapshot, ordering: .relaxed)
    worstRenderNanoseconds.max(Int64(clamping: took.attoseconds / 1_000_000_000), ordering: .relaxed)
  }

  func counters() -> VideoCounters {
    var counters = VideoCounters()
    counters.completed = completed.load(ordering: .relaxed)
    counters.displayedLate = displayedLate.load(ordering: .relaxed)
    counters.dropped = dropped.load(ordering: .relaxed)
    counters.flushed = flushed.load(ordering: .relaxed)
    counters.renderedFrames = renderedFrames.load(ordering: .relaxed)
    counters.newestSnapshot = newestSnapshot.load(ordering: .relaxed)
    counters.worstRenderTime = .nanoseconds(worstRenderNanoseconds.load(ordering: .relaxed))
    return counters
  }
}
