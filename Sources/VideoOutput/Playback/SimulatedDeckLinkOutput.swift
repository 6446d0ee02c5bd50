public import Concurrency
public import RenderSnapshots
import Synchronization

/// An output that behaves like a DeckLink card with scheduled playback, without the card: a thread of its own renders
/// the newest render snapshot, pre-rolls, schedules one frame for each that is done, and counts what became of them.
///
/// It shares two things with other threads: the mailbox that render snapshots come through and the one that shown
/// frames leave by. Both are one atomic exchange, so nobody can hold the thread up.
public final class SimulatedDeckLinkOutput: Sendable {
  /// How long ``stop()`` waits at most: many times what the thread needs to see that it should end.
  public static let stopBudget = Duration.seconds(1)
  /// The longest that the thread sleeps in one go, so that it soon sees ``stop()`` at any frame rate.
  private static let longestSleep = Duration.milliseconds(50)

  private enum Phase: UInt8, AtomicRepresentable {
    case ready, running, stopping, ended
  }

  private let phase = Atomic(Phase.ready)
  private let pacing: any OutputPacing
  private let cells = VideoCounterCells()
  private let shown: LatestValueMailbox<VideoFrame>
  /// Guards the reading side of `shown`, for those who look at the picture. The render thread never takes it.
  private let preview: Mutex<LatestValueReader<VideoFrame>>
  /// Until the start, when the render thread takes it. Nobody else takes this lock after that.
  private let snapshots: Mutex<RenderSnapshotReader?>

  /// - Parameter snapshots: a reader that nobody else uses.
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

  /// Ends playback; what is scheduled is flushed. Blocks for at most ``stopBudget``, and for no more than a frame's
  /// rendering and 50 ms as a rule. Any thread, any number of times.
  ///
  /// - Returns: whether the thread has ended, or never ran.
  @discardableResult
  public func stop() -> Bool {
    if phase.compareExchange(expected: .ready, desired: .ended, ordering: .acquiringAndReleasing).exchanged {
      return true
    }
    _ = phase.compareExchange(expected: .running, desired: .stopping, ordering: .acquiringAndReleasing)
    // Real time, whatever the pacing: the thread is real.
    let clock = MonotonicPacing()
    let deadline = clock.now + Self.stopBudget
    while phase.load(ordering: .acquiring) != .ended {
      guard clock.now < deadline else { return false }
      clock.sleep(until: clock.now + .milliseconds(1))
    }
    return true
  }

  /// What the output has done so far. Any thread, without blocking.
  public var counters: VideoCounters { cells.counters() }

  /// The frame on screen; nil before the first. It is kept after the stop. Any thread; waits only for others who look.
  public func currentFrame() -> VideoFrame? {
    preview.withLock { $0.newest() }
  }

  /// The frame on screen as a PNG file; black before the first. About a millisecond of the calling thread's time.
  public func previewPNG() -> [UInt8] {
    PNGEncoder.encode(currentFrame() ?? .black(.referenceBounds))
  }

  /// The thread.
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
