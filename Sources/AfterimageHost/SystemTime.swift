#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The clocks of the machine. Reading them is no system call on Linux (vDSO).
enum SystemTime {
  /// Monotonic time; stands still while the machine sleeps.
  static func uptime() -> Duration { duration(CLOCK_MONOTONIC) }

  /// Wall clock, milliseconds since 1970: a label only.
  static func unixMilliseconds() -> Int64 { Int64(duration(CLOCK_REALTIME) / .milliseconds(1)) }

  private static func duration(_ clock: clockid_t) -> Duration {
    var time = timespec()
    // Can't fail: both clocks exist and the pointer is ours.
    clock_gettime(clock, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
