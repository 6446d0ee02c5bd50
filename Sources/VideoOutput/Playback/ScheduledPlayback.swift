/// The behaviour of a DeckLink card as a pure state machine: frames wait in a queue, each with a display time; at every
/// refresh the card shows the newest frame that is due.
///
/// The results are those of `BMDOutputFrameCompletionResult` in the Blackmagic DeckLink SDK. Times within the playback
/// are stream times: zero is the moment of ``start(at:)``. The outside time `now` never goes backwards.
public struct ScheduledPlayback<Frame: Sendable>: Sendable {
  /// The result of a frame. Every scheduled frame gets exactly one.
  public enum Result: String, Sendable, CaseIterable {
    /// Shown at its time.
    case completed
    /// Shown at a later refresh than its own, because its time had passed when it became available.
    case displayedLate
    /// Never shown: a newer frame was due at the same refresh.
    case dropped
    /// Never shown: playback stopped before its time.
    case flushed
  }

  public struct Completion: Sendable {
    public var frame: Frame
    public var result: Result
    public var wasShown: Bool { result == .completed || result == .displayedLate }
  }

  /// Most frames in the queue; the card's memory is finite. The pre-roll is far smaller.
  public static var capacity: Int { 16 }

  /// Its times are stream times.
  private let clock: FrameClock
  private var startTime: Duration?
  /// The first refresh that has not happened.
  private var nextRefresh: Int64 = 0
  /// In the order of their display times.
  private var queue: [(displayTime: Duration, frame: Frame)] = []

  public init(rate: FrameRate) {
    clock = FrameClock(rate: rate)
  }

  public var isRunning: Bool { startTime != nil }
  public var queuedFrames: Int { queue.count }

  /// Schedules a frame. Before the start it stays in the queue. Call ``advance(to:)`` with the current time first: a
  /// frame that arrives exactly at its refresh is late, because it was not available then.
  ///
  /// - Returns: false if the queue is full and the frame was not accepted.
  @discardableResult
  public mutating func schedule(_ frame: Frame, displayTime: Duration) -> Bool {
    guard queue.count < Self.capacity else { return false }
    let place = queue.firstIndex { displayTime < $0.displayTime } ?? queue.endIndex
    queue.insert((displayTime, frame), at: place)
    return true
  }

  /// Starts playback: the first refresh is now.
  public mutating func start(at now: Duration) -> [Completion] {
    if startTime == nil { startTime = now }
    return advance(to: now)
  }

  /// Processes the refreshes up to and including `now`. Takes time proportional to the queue, not to the elapsed time.
  public mutating func advance(to now: Duration) -> [Completion] {
    guard let startTime else { return [] }
    let streamTime = now - startTime
    var completions: [Completion] = []
    while let first = queue.first {
      // A refresh without a due frame repeats the picture on screen.
      let refresh = max(nextRefresh, clock.firstFrame(notBefore: first.displayTime))
      guard clock.time(ofFrame: refresh) <= streamTime else { break }
      completions += show(at: refresh)
      nextRefresh = refresh + 1
    }
    nextRefresh = max(nextRefresh, clock.frame(at: streamTime) + 1)
    return completions
  }

  /// Shows the newest due frame and drops older ones.
  private mutating func show(at refresh: Int64) -> [Completion] {
    let refreshTime = clock.time(ofFrame: refresh)
    let due = queue.prefix { $0.displayTime <= refreshTime }
    queue.removeFirst(due.count)
    return due.enumerated().map { index, entry in
      guard index == due.count - 1 else { return Completion(frame: entry.frame, result: .dropped) }
      let isOnTime = clock.firstFrame(notBefore: entry.displayTime) == refresh
      return Completion(frame: entry.frame, result: isOnTime ? .completed : .displayedLate)
    }
  }

  /// Ends playback: frames that were due by now get their result, the others are flushed.
  public mutating func stop(at now: Duration) -> [Completion] {
    var completions = advance(to: now)
    completions += queue.map { Completion(frame: $0.frame, result: .flushed) }
    queue = []
    startTime = nil
    nextRefresh = 0
    return completions
  }

  /// The stream time at `now`; nil before the start.
  public func streamTime(at now: Duration) -> Duration? {
    startTime.map { now - $0 }
  }

  /// The time of the next refresh at which a queued frame is due; nil if there is none.
  public var nextCompletion: Duration? {
    guard let startTime, let first = queue.first else { return nil }
    return startTime + clock.time(ofFrame: max(nextRefresh, clock.firstFrame(notBefore: first.displayTime)))
  }
}
