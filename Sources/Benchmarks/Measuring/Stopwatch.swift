#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Monotonic time for measuring. Reading it is no system call on Linux (vDSO) and costs about 25 ns.
enum Stopwatch {
  static var nanoseconds: UInt64 { read(CLOCK_MONOTONIC) }

  /// What the calling thread has used of a processor. For loops that never wait: other programs that run meanwhile do not
  /// count. A system call, so it stands around a loop and never in one.
  static var threadNanoseconds: UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    // Can't fail: the clocks exist and the pointer is ours.
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  static var now: Duration { .nanoseconds(Int64(nanoseconds)) }

  /// The same of the calling thread's own time.
  static func perRound(ofThreadSince start: UInt64, _ count: Int) -> Double {
    Double(threadNanoseconds - start) / Double(count)
  }

  /// Nanoseconds that one of `count` rounds took since `start`.
  static func perRound(since start: UInt64, _ count: Int) -> Double {
    Double(nanoseconds - start) / Double(count)
  }
}

extension [Double] {
  /// The middle one: a machine that does other things as well makes some runs slow, never fast.
  var median: Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted()
    let middle = count / 2
    return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
