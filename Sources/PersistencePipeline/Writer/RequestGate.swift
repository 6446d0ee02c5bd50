import PersistenceMessages
import Synchronization

/// Receives requests in two atomics. Any thread; at most a few nanoseconds; no lock, no allocation, no system call
/// (invariant I1, goal G1), because the worker polls every 25 ms.
final class RequestGate: Sendable {
  private let requested: Atomic<UInt64>
  private let isForced = Atomic<Bool>(false)

  init(stored: UInt64) {
    requested = Atomic(stored)
  }

  var newestSequence: UInt64 { requested.load(ordering: .acquiring) }

  /// Notes a request. Threads may call out of order, so only the highest sequence is kept.
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
