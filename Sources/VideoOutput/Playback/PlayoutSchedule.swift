/// Decides which frame an output renders next: a few before the start (pre-roll), then one for each completed frame.
/// Pure: it reads no clock and has no effects.
struct PlayoutSchedule: Sendable {
  /// Frames rendered before the start and in flight afterwards. With three, rendering may take almost three frames'
  /// time before a frame is late, at the cost of three frames' delay from a mutation to the screen.
  static let preroll = 3

  enum Step: Equatable {
    /// Render frame `number` of this playback and schedule it at its time. The `skipped` frames before it can no longer
    /// be shown.
    case render(number: Int64, skipped: Int64)
    case start
    /// Nothing to do until a frame completes.
    case wait
  }

  private let clock: FrameClock
  private(set) var nextNumber: Int64 = 0

  init(rate: FrameRate) {
    clock = FrameClock(rate: rate)
  }

  /// - Parameter streamTime: nil before the start.
  mutating func next(framesInFlight: Int, streamTime: Duration?) -> Step {
    guard framesInFlight < Self.preroll else { return streamTime == nil ? .start : .wait }
    // After a stall the frames whose time has passed are skipped; rendering all of them would never catch up.
    let first = streamTime.map { max(nextNumber, clock.frame(at: $0) + 1) } ?? nextNumber
    let skipped = first - nextNumber
    nextNumber = first + 1
    return .render(number: first, skipped: skipped)
  }

  func displayTime(of number: Int64) -> Duration {
    clock.time(ofFrame: number)
  }
}
