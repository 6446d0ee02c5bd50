import Dispatch
import Synchronization

/// Wakes the worker before its next poll. A wake that is pending is not repeated, so the semaphore's count never grows.
final class WakeSignal: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  private let isPending = Atomic<Bool>(false)

  /// Any thread. One system call when the worker sleeps.
  func wake() {
    if !isPending.exchange(true, ordering: .acquiringAndReleasing) { semaphore.signal() }
  }

  /// Sleeps until a wake, at most for `timeout`. The worker only.
  func sleep(atMost timeout: Duration) {
    let nanoseconds = Int(max(0, timeout / .nanoseconds(1)))
    _ = semaphore.wait(timeout: .now() + .nanoseconds(nanoseconds))
    isPending.store(false, ordering: .releasing)
  }
}
