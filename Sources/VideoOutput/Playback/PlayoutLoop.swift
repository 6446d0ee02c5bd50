import Concurrency
import RenderSnapshots

/// The steps of the render thread: takes the newest render snapshot, renders the next frame, schedules it, and shows
/// and counts completed frames. Only the thread that runs it may use it.
struct PlayoutLoop: ~Copyable {
  typealias Render = @Sendable (_ snapshot: RenderSnapshot, _ frame: Int64, _ time: Duration) -> VideoFrame

  /// Interval between two polls for a first snapshot.
  private static let idleWait = Duration.milliseconds(10)

  private var snapshots: RenderSnapshotReader
  private let pacing: any OutputPacing
  private let render: Render
  private let counters: VideoCounterCells
  private let shown: LatestValueMailbox<VideoFrame>
  private var playout: Playout?
  /// The number of the first frame of the next playback.
  private var nextFirstFrame: Int64 = 0
  /// The time at which the first playback began to pre-roll: the origin of the show's time.
  private var beginning: Duration?

  /// One playback, from its pre-roll until the frame rate or the size changes.
  private struct Playout {
    let mode: OutputMode
    /// The show's time at its frame 0.
    let showTime: Duration
    let firstFrame: Int64
    var schedule: PlayoutSchedule
    var playback: ScheduledPlayback<VideoFrame>
  }

  init(
    snapshots: consuming RenderSnapshotReader, pacing: any OutputPacing, counters: VideoCounterCells,
    shown: LatestValueMailbox<VideoFrame>, render: @escaping Render
  ) {
    self.snapshots = snapshots
    self.pacing = pacing
    self.counters = counters
    self.shown = shown
    self.render = render
  }

  /// Performs the next step.
  ///
  /// - Returns: the time of the next step; nil if it is due at once.
  mutating func step() -> Duration? {
    let now = pacing.now
    guard let snapshot = snapshots.newest() else { return now + Self.idleWait }
    var playout = follow(OutputMode(snapshot.config), now)
    defer { self.playout = playout }
    finish(playout.playback.advance(to: now))
    let inFlight = playout.playback.queuedFrames
    switch playout.schedule.next(framesInFlight: inFlight, streamTime: playout.playback.streamTime(at: now)) {
    case .render(let number, let skipped):
      counters.countSkipped(skipped)
      schedule(number, of: &playout, showing: snapshot)
      return nil
    case .start:
      finish(playout.playback.start(at: pacing.now))
      return nil
    case .wait:
      return playout.playback.nextCompletion ?? now + Self.idleWait
    }
  }

  /// Flushes the scheduled frames.
  mutating func stop() {
    guard var playout else { return }
    finish(playout.playback.stop(at: pacing.now))
    self.playout = nil
    nextFirstFrame = playout.firstFrame + playout.schedule.nextNumber
  }

  /// The playback in `mode`. As with the hardware, another mode requires a stop and a new pre-roll.
  private mutating func follow(_ mode: OutputMode, _ now: Duration) -> Playout {
    if let playout, playout.mode == mode { return playout }
    stop()
    let beginning = beginning ?? now
    self.beginning = beginning
    return Playout(
      mode: mode, showTime: now - beginning, firstFrame: nextFirstFrame, schedule: PlayoutSchedule(rate: mode.rate),
      playback: ScheduledPlayback(rate: mode.rate))
  }

  private func schedule(_ number: Int64, of playout: inout Playout, showing snapshot: RenderSnapshot) {
    let displayTime = playout.schedule.displayTime(of: number)
    let before = pacing.now
    let frame = render(snapshot, playout.firstFrame + number, playout.showTime + displayTime)
    let after = pacing.now
    counters.countRendered(snapshot: snapshot.number, took: after - before)
    // This frame was not available at the refreshes that happened during its rendering.
    finish(playout.playback.advance(to: after))
    playout.playback.schedule(frame, displayTime: displayTime)
  }

  private func finish(_ completions: [ScheduledPlayback<VideoFrame>.Completion]) {
    for completion in completions { counters.count(completion.result) }
    if let newest = completions.last(where: \.wasShown) { shown.publish(newest.frame) }
  }
}
