import PersistenceMessages

/// When snapshots are stored. The reasons for the defaults are in docs/decisions/, 0002 (debounce) and 0003 (retry).
public struct PersistencePolicy: Sendable, Equatable {
  /// Quiet time after the last request before a store.
  public var debounce: Duration
  /// Longest time a request waits for its store to begin, however many follow it.
  public var maxDelay: Duration
  /// Wait after the first failure; it doubles with each further one.
  public var firstRetry: Duration
  /// Longest wait between attempts.
  public var longestRetry: Duration
  /// By how much of itself a wait is shortened at random, so that several hosts on one disk drift apart.
  public var jitter: Double

  public init(
    debounce: Duration = .milliseconds(250), maxDelay: Duration = .seconds(2),
    firstRetry: Duration = .milliseconds(250),
    longestRetry: Duration = .seconds(5), jitter: Double = 0.2
  ) {
    self.debounce = debounce
    // A debounce longer than the bound would make the bound a lie.
    self.maxDelay = max(maxDelay, debounce)
    self.firstRetry = firstRetry
    self.longestRetry = longestRetry
    self.jitter = jitter
  }

  /// The wait after `attempt` failures in a row (from 1); nil when no other attempt is made. `random` is in 0..<1.
  func retryDelay(attempt: Int, _ retry: StoreFailure.Retry, random: Double) -> Duration? {
    if retry == .never { return nil }
    // What can't succeed by itself is tried at the slow pace from the start.
    let doublings = retry == .soon ? min(attempt - 1, 20) : 20
    let delay = min(firstRetry * (1 << doublings), longestRetry)
    return delay * (1 - jitter * random)
  }
}
