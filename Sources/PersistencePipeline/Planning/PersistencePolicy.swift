import PersistenceMessages

/// The times of the planner. The reasons for the defaults are in docs/decisions/, 0002 (debounce) and 0003 (retry).
public struct PersistencePolicy: Sendable, Equatable {
  /// Quiet time after the last request before a store.
  public var debounce: Duration
  /// Longest time a request waits for its store to begin, however many follow it.
  public var maxDelay: Duration
  /// Wait after the first failure; it doubles with each further one.
  public var firstRetry: Duration
  /// Longest wait between attempts.
  public var longestRetry: Duration
  /// The largest fraction by which a wait is shortened at random, so that several hosts on one disk do not retry
  /// together.
  public var jitter: Double

  public init(
    debounce: Duration = .milliseconds(250), maxDelay: Duration = .seconds(2),
    firstRetry: Duration = .milliseconds(250),
    longestRetry: Duration = .seconds(5), jitter: Double = 0.2
  ) {
    self.debounce = debounce
    // A debounce longer than the max delay would break its bound.
    self.maxDelay = max(maxDelay, debounce)
    self.firstRetry = firstRetry
    self.longestRetry = longestRetry
    self.jitter = jitter
  }

  /// The wait after `attempt` failures in a row (from 1); nil if there is no further attempt. `random` is in 0..<1.
  func retryDelay(attempt: Int, _ retry: StoreFailure.Retry, random: Double) -> Duration? {
    if retry == .never { return nil }
    // A failure that can't resolve by itself is retried at the longest interval from the beginning.
    let doublings = retry == .soon ? min(attempt - 1, 20) : 20
    let delay = min(firstRetry * (1 << doublings), longestRetry)
    return delay * (1 - jitter * random)
  }
}
