public import PersistenceMessages

/// Decides when to store: a pure state machine. Inputs are events with their times, the output is the next action. It
/// never sleeps, reads no clock and sees no state, so every rule is a row in a table test.
///
///     saved ──requests──► pending ──debounce or max delay──► storing ──OK──► saved, or pending again
///                            ▲                                  │
///                            └────── wait, then newest ◄──failure
///
/// `requested > stored` is the only meaning of "unsaved". Only a successful store raises `stored` (I5).
public struct PersistencePlanner: Sendable, Equatable {
  public enum Action: Sendable, Equatable {
    /// Nothing to do until this time; nil: until the next event.
    case wait(until: Duration?)
    /// Store the newest snapshot now.
    case store
    /// End the worker.
    case finish(ShutdownOutcome)
  }

  public let policy: PersistencePolicy
  /// Highest durable sequence that was requested.
  public private(set) var requested: UInt64
  /// Highest durable sequence that is stored.
  public private(set) var stored: UInt64
  /// Lower bound of the time of the oldest unsaved request; nil if nothing is unsaved.
  public private(set) var oldestUnsavedAt: Duration?
  /// Failures in a row; 0 after a success.
  public private(set) var failedAttempts = 0
  /// The time of the next attempt after a failure.
  public private(set) var retryAt: Duration?
  /// Whether storing has stopped because an invariant is broken. Only a restart resumes it.
  public private(set) var isHalted = false

  private var lastRequestAt: Duration = .zero
  private var isUrgent = false
  private var shutdownDeadline: Duration?
  private var hasStoredSinceShutdown = false

  /// - Parameter stored: the sequence that was restored from disk.
  public init(policy: PersistencePolicy, stored: UInt64) {
    self.policy = policy
    self.stored = stored
    requested = stored
  }

  public var hasUnsaved: Bool { requested > stored }

  /// Requests up to `sequence` were made between `earliest` and `latest`. The writer polls, so it knows only the
  /// interval. Max delay counts from its start, the debounce from its end.
  public mutating func noteRequests(upTo sequence: UInt64, isForced: Bool, earliest: Duration, latest: Duration) {
    if isForced, sequence > stored { isUrgent = true }
    guard sequence > requested else { return }
    requested = sequence
    lastRequestAt = latest
    oldestUnsavedAt = oldestUnsavedAt ?? earliest
  }

  /// A flush was requested: skips the debounce and the wait after a failure.
  public mutating func noteFlush(at now: Duration) {
    guard hasUnsaved else { return }
    isUrgent = true
    if retryAt != nil { retryAt = now }
  }

  /// The snapshot with this sequence is durable.
  public mutating func noteStored(sequence: UInt64) {
    stored = max(stored, sequence)
    requested = max(requested, stored)
    if !hasUnsaved { oldestUnsavedAt = nil }
    isUrgent = isUrgent && hasUnsaved
    failedAttempts = 0
    retryAt = nil
    hasStoredSinceShutdown = shutdownDeadline != nil
  }

  /// The attempt failed; all unsaved requests stay unsaved.
  ///
  /// - Parameter random: in 0..<1, for the jitter.
  /// - Returns: the wait until the next attempt; nil if there is none.
  @discardableResult
  public mutating func noteFailure(_ failure: StoreFailure, at now: Duration, random: Double) -> Duration? {
    failedAttempts += 1
    let delay = policy.retryDelay(attempt: failedAttempts, failure.code.retry, random: random)
    isHalted = delay == nil
    retryAt = delay.map { now + $0 }
    return delay
  }

  /// No more requests will arrive. Pending requests must be stored by `deadline` or be reported as unsaved.
  public mutating func noteShutdown(at now: Duration, deadline: Duration) {
    guard shutdownDeadline == nil else { return }
    shutdownDeadline = deadline
    noteFlush(at: now)
  }

  public func nextAction(at now: Duration) -> Action {
    guard hasUnsaved else {
      guard shutdownDeadline != nil else { return .wait(until: nil) }
      return .finish(hasStoredSinceShutdown ? .stored : .nothingPending)
    }
    if isHalted { return shutdownDeadline == nil ? .wait(until: nil) : .finish(.failed) }
    if let deadline = shutdownDeadline, now >= deadline {
      return .finish(failedAttempts > 0 ? .failed : .timedOut)
    }
    let due = dueTime
    if now >= due { return .store }
    return .wait(until: min(due, shutdownDeadline ?? due))
  }

  private var dueTime: Duration {
    if let retryAt { return retryAt }
    if isUrgent { return .zero }
    let debounced = lastRequestAt + policy.debounce
    return oldestUnsavedAt.map { min(debounced, $0 + policy.maxDelay) } ?? debounced
  }
}
