/// What a DeckLink card does with the frames it is given, as a pure state machine: frames wait in a queue with a
/// display time each; at every refresh the card shows the newest frame that is due.
///
/// The results are those of `BMDOutputFrameCompletionResult` in the Blackmagic DeckLink SDK. Times within the playback
/// are stream times: zero is the moment of ``start(at:)``. The outside time `now` never goes backwards.
public struct ScheduledPlayback<Frame: Sendable>: Sendable {
  /// What became of a frame. Every scheduled frame gets exactly one result.
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

  /// Frames in the queue at most, as the card's memory is finite. Pre-roll is far below it.
  public static var capacity: Int { 16 }

  /// In stream time.
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

  /// Takes a frame; before the start it waits for it. Call ``advance(to:)`` with the present time first: a frame that
  /// comes at the very moment of its refresh is late, since the refresh did not have it.
  ///
  /// - Returns: false when the queue is full and the frame was not taken.
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

  /// Lets the refreshes up to and including `now` happen. The cost follows the queue, not the time that went by.
  public mutating func advance(to now: Duration) -> [Completion] {
    guard let startTime else { return [] }
    let streamTime = now - startTime
    var completions: [Completion] = []
    while let first = queue.first {
      // Refreshes at which nothing is due repeat the picture on screen.
      let refresh = max(nextRefresh, clock.firstFrame(notBefore: first.displayTime))
      guard clock.time(ofFrame: refresh) <= streamTime else { break }
      completions += show(at: refresh)
      nextRefresh = refresh + 1
    }
    nextRefresh = max(nextRefresh, clock.frame(at: streamTime) + 1)
    return completions
  }

  /// The newest due frame is shown, older ones never will be.
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

  /// Ends playback: what was due until now gets its result, the rest is flushed.
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

  /// When the next refresh comes that a queued frame is due at; nil when there is none.
  public var nextCompletion: Duration? {
    guard let startTime, let first = queue.first else { return nil }
    return startTime + clock.time(ofFrame: max(nextRefresh, clock.firstFrame(notBefore: first.displayTime)))
  }
}
