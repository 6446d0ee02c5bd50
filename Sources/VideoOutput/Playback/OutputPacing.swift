import Concurrency

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The output's clock and sleep: real, or advanced by hand in tests.
public protocol OutputPacing: Sendable {
  /// Time since the monotonic clock's epoch; never goes backwards.
  var now: Duration { get }

  /// Blocks the calling thread until `deadline`; returns at once if it has passed.
  func sleep(until deadline: Duration)
}

/// The machine's monotonic clock.
public struct MonotonicPacing: OutputPacing {
  public init() {}

  public var now: Duration { MonotonicClock.now() }

  public func sleep(until deadline: Duration) {
    // A signal ends nanosleep early; the loop then sleeps for the rest.
    while true {
      let (seconds, attoseconds) = (deadline - now).components
      guard seconds > 0 || attoseconds > 0 else { return }
      var rest = timespec()
      rest.tv_sec = Int(seconds)
      // Rounded up, so that the last fraction of a microsecond is not spent in a busy loop.
      rest.tv_nsec = Int(min(attoseconds / 1_000_000_000 + 1, 999_999_999))
      nanosleep(&rest, nil)
    }
  }
}
