import Concurrency
import Synchronization

/// Wakes the worker before its next poll. A wake while another one is pending costs one atomic exchange and no lock.
final class WakeSignal: Sendable {
  private let alarm = ThreadAlarm()
  private let isPending = Atomic<Bool>(false)

  /// Any thread. One system call if the worker sleeps.
  func wake() {
    if !isPending.exchange(true, ordering: .acquiringAndReleasing) { alarm.ring() }
  }

  /// Sleeps until a wake, for at most `timeout`. Called by the worker only.
  func sleep(atMost timeout: Duration) {
    alarm.sleep(atMost: timeout)
    isPending.store(false, ordering: .releasing)
  }

  /// Takes a pending wake without sleeping, and returns whether there was one. For callers that step the worker
  /// themselves.
  func take() -> Bool {
    guard isPending.load(ordering: .acquiring) else { return false }
    sleep(atMost: .zero)
    return true
  }
}
