import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reports the seed that ran when the process trapped, because of a precondition of the real code or a continuation
/// that was resumed twice.
enum TrapReport {
  /// The running seeds, one per thread; 0 for none.
  private static let seeds: [SeedSlot] = (0..<64).map { _ in SeedSlot() }

  private final class SeedSlot: Sendable {
    let seed = Atomic<UInt64>(0)
  }

  static func note(_ seed: UInt64, thread: Int) {
    seeds[thread].seed.store(seed, ordering: .relaxed)
  }

  static func install() {
    // Made now: a signal handler must not be the first to touch it.
    note(0, thread: 0)
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS] {
      signal(number) { number in
        TrapReport.write("VIOLATION trap: the code trapped; one of these seeds did it:")
        for slot in TrapReport.seeds {
          let seed = slot.seed.load(ordering: .relaxed)
          if seed != 0 { TrapReport.write(" \(seed)") }
        }
        TrapReport.write("\nreplay: tools/simulate --seed N --verbose\n")
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  private static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return }
      #if canImport(Glibc)
        _ = Glibc.write(STDOUT_FILENO, start, bytes.count)
      #else
        _ = Darwin.write(STDOUT_FILENO, start, bytes.count)
      #endif
    }
  }
}
