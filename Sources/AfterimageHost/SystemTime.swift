import GenerationStore

/// The clocks of the machine. Reading them is not a system call on Linux (vDSO).
enum SystemTime {
  /// Monotonic time; stands still while the machine sleeps.
  static func uptime() -> Duration { StoreOptions.systemUptime() }

  /// Wall clock, milliseconds since 1970: a label only.
  static func unixMilliseconds() -> Int64 { StoreOptions.systemWallClock() }
}
