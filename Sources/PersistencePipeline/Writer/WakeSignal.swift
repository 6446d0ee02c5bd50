import Concurrency
import Synchronization

/// Wakes the worker before its next poll. A wake that is pending costs one atomic exchange and no lock.
final class WakeSignal: Sendable {
  private let alarm = ThreadAlarm()
  private let isPending = Atomic<Bool>(false)

  /// Any thread. One system call when the worker sleeps.
  func wake() {
    if !isPending.exchange(true, ordering: .acquiringAndReleasing) { alarm.ring() }
  }

  /// Sleeps until a wake, at most for `timeout`. The worker only.
  func sleep(atMost timeout: Duration) {
    alarm.sleep(atMost: timeout)
    isPending.store(false, ordering: .releasing)
  }

  /// Takes a wake that is pending, without sleeping; whether there was one. For whoever steps the worker by hand.
  func take() -> Bool {
    guard isPending.load(ordering: .acquiring) else { return false }
    sleep(atMost: .zero)
    return true
  }
}
