import Concurrency

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a measured loop took.
enum Stopwatch {
  /// What the calling thread has used of a processor. For loops that never wait: other programs that run meanwhile do not
  /// count. A system call, so it stands around a loop and never in one.
  static var threadNanoseconds: UInt64 {
    var time = timespec()
    // Can't fail: the clock exists and the pointer is ours.
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// The same of the calling thread's own time.
  static func perRound(ofThreadSince start: UInt64, _ count: Int) -> Double {
    Double(threadNanoseconds - start) / Double(count)
  }

  /// Nanoseconds that one of `count` rounds took since `start`.
  static func perRound(since start: UInt64, _ count: Int) -> Double {
    Double(MonotonicClock.nanoseconds - start) / Double(count)
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
