#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The machine's monotonic clock, for deadlines and durations. It never goes backwards and stops while the machine
/// sleeps. Any thread; on Linux reading it is not a system call (vDSO) and costs about 25 ns.
public enum MonotonicClock {
  /// Nanoseconds since an arbitrary moment, which is the same for all processes until the next boot.
  public static var nanoseconds: UInt64 {
    let time = reading(of: CLOCK_MONOTONIC)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// The same as a duration.
  public static func now() -> Duration {
    let time = reading(of: CLOCK_MONOTONIC)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}

/// The time since the machine's boot. Unlike ``MonotonicClock`` it goes on while the machine sleeps, so it can time what
/// two processes agree on.
public enum BootClock {
  public static func milliseconds() -> Int64 {
    #if canImport(Glibc)
      let time = reading(of: CLOCK_BOOTTIME)
    #else
      let time = reading(of: CLOCK_MONOTONIC)
    #endif
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// The machine's wall clock, for labels only. It jumps when it is set, so nothing may be timed or ordered by it.
public enum WallClock {
  /// The years that labels can show, 1970 to 9999, in milliseconds since 1970. A clock that lost its battery may be
  /// anywhere.
  private static let shown = Int64(0)...Int64(253_402_300_799_999)

  /// Milliseconds since 1970, clamped to the years 1970 to 9999.
  public static func unixMilliseconds() -> Int64 {
    let time = reading(of: CLOCK_REALTIME)
    return unixMilliseconds(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  /// The label for a reading of the clock. Wrong clocks are clamped: no label is worth a trap.
  static func unixMilliseconds(seconds: Int, nanoseconds: Int) -> Int64 {
    let (milliseconds, isBeyond) = Int64(seconds).multipliedReportingOverflow(by: 1000)
    if isBeyond { return seconds < 0 ? shown.lowerBound : shown.upperBound }
    // Beyond the shown years, a millisecond more or less does not matter.
    return min(max(milliseconds, shown.lowerBound), shown.upperBound - 999) + Int64(nanoseconds / 1_000_000)
  }
}

private func reading(of clock: clockid_t) -> timespec {
  var time = timespec()
  // Can't fail: the clocks exist and the pointer is ours.
  clock_gettime(clock, &time)
  return time
}
