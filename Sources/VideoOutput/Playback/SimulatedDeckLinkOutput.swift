public import Concurrency
public import RenderSnapshots
import Synchronization

/// Simulates a DeckLink card with scheduled playback: a thread of its own renders the newest render snapshot,
/// pre-rolls, schedules one frame for each that completes, and counts the results.
///
/// It shares two mailboxes with other threads: one receives render snapshots, the other publishes shown frames. Both
/// use one atomic exchange, so no other thread can block the render thread.
public final class SimulatedDeckLinkOutput: Sendable {
  /// The longest wait of ``stop()``: many times the time in which the thread notices that it should end.
  public static let stopBudget = Duration.seconds(1)
  /// The thread's longest sleep, so that it notices ``stop()`` quickly at any frame rate.
  private static let longestSleep = Duration.milliseconds(50)

  private enum Phase: UInt8, AtomicRepresentable {
    case ready, running, stopping, ended
  }

  private let phase = Atomic(Phase.ready)
  private let pacing: any OutputPacing
  private let cells = VideoCounterCells()
  private let shown: LatestValueMailbox<VideoFrame>
  /// Guards the reading side of `shown` for readers of the picture. The render thread never takes this lock.
  private let preview: Mutex<LatestValueReader<VideoFrame>>
  /// Holds the reader until the render thread takes it at the start. The lock is not used after that.
  private let snapshots: Mutex<RenderSnapshotReader?>

  /// - Parameter snapshots: a reader that no other thread uses.
  public init(snapshots: consuming sending RenderSnapshotReader, pacing: any OutputPacing = MonotonicPacing()) {
    let shown = LatestValueMailbox<VideoFrame>()
    self.shown = shown
    self.pacing = pacing
    preview = Mutex(LatestValueReader(shown))
    self.snapshots = Mutex(snapshots)
  }

  /// Starts the thread. An output runs once: a second call, and a call after ``stop()`` or after a failure, do nothing.
  public func start() throws(ThreadStartFailure) {
    guard phase.compareExchange(expected: .ready, desired: .running, ordering: .acquiringAndReleasing).exchanged else {
      return
    }
    do throws(ThreadStartFailure) {
      _ = try WorkerThread(starting: "output") { self.run() }
    } catch {
      phase.store(.ended, ordering: .releasing)
      throw error
    }
  }

  /// Ends playback; scheduled frames are flushed. Blocks for at most ``stopBudget``, usually for at most the rendering
  /// of a frame and 50 ms. Any thread, any number of times.
  ///
  /// - Returns: whether the thread has ended, or never ran.
  @discardableResult
  public func stop() -> Bool {
    if phase.compareExchange(expected: .ready, desired: .ended, ordering: .acquiringAndReleasing).exchanged {
      return true
    }
    _ = phase.compareExchange(expected: .running, desired: .stopping, ordering: .acquiringAndReleasing)
    // Real time, even with another pacing, because the thread is real.
    let clock = MonotonicPacing()
    let deadline = clock.now + Self.stopBudget
    while phase.load(ordering: .acquiring) != .ended {
      guard clock.now < deadline else { return false }
      clock.sleep(until: clock.now + .milliseconds(1))
    }
    return true
  }

  /// The counters at this moment. Any thread; never blocks.
  public var counters: VideoCounters { cells.counters() }

  /// The frame on screen; nil before the first. It is kept after the stop. Any thread; blocks only during another such
  /// call.
  public func currentFrame() -> VideoFrame? {
    preview.withLock { $0.newest() }
  }

  /// The frame on screen as a PNG file; black before the first. Takes about a millisecond of the calling thread's time.
  public func previewPNG() -> [UInt8] {
    PNGEncoder.encode(currentFrame() ?? .black(.referenceBounds))
  }

  /// The render thread's function.
  private func run() {
    defer { phase.store(.ended, ordering: .releasing) }
    guard let reader = snapshots.withLock({ $0.take() }) else { return }
    var loop = PlayoutLoop(
      snapshots: reader, pacing: pacing, counters: cells, shown: shown, render: ReferenceRenderer.render)
    while phase.load(ordering: .acquiring) == .running {
      if let wake = loop.step() { pacing.sleep(until: min(wake, pacing.now + Self.longestSleep)) }
    }
    loop.stop()
  }
}
