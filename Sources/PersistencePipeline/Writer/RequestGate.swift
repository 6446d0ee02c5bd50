import PersistenceMessages
import Synchronization

/// Where requests arrive: two atomics. Any thread; at most a few nanoseconds; no lock, no allocation, no system call
/// (invariant I1, goal G1), because the worker looks here every 25 ms by itself.
final class RequestGate: Sendable {
  private let requested: Atomic<UInt64>
  private let isForced = Atomic<Bool>(false)

  init(stored: UInt64) {
    requested = Atomic(stored)
  }

  var newestSequence: UInt64 { requested.load(ordering: .acquiring) }

  /// Notes a request. Threads may overtake each other here, so only the highest sequence counts.
  func note(_ sequence: UInt64) {
    requested.max(sequence, ordering: .releasing)
  }

  func noteForced() {
    isForced.store(true, ordering: .releasing)
  }

  func takeForced() -> Bool {
    isForced.exchange(false, ordering: .acquiringAndReleasing)
  }
}
