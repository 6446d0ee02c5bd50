#if canImport(Glibc)
  import Glibc
#else
  import Darwin
  import Dispatch
#endif

/// Wakes one thread that sleeps until signalled or timed out.
///
/// On Linux not a DispatchSemaphore: that sleeps until a moment of the wall clock. With the clock set back an hour it
/// sleeps an hour longer, and with it everything that its thread should store.
///
/// `@unchecked Sendable`: on Linux `isPending` is guarded by `mutex`, which like `condition` lives at one address from
/// `init` to `deinit`.
public final class ThreadAlarm: @unchecked Sendable {
  #if canImport(Glibc)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isPending = false

    public init() {
      pthread_mutex_init(mutex, nil)
      var attributes = pthread_condattr_t()
      pthread_condattr_init(&attributes)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
      pthread_cond_init(condition, &attributes)
      pthread_condattr_destroy(&attributes)
    }

    deinit {
      pthread_cond_destroy(condition)
      pthread_mutex_destroy(mutex)
      condition.deallocate()
      mutex.deallocate()
    }

    /// Any thread, and any number of times: what is pending is not repeated. One system call when the thread sleeps.
    public func ring() {
      pthread_mutex_lock(mutex)
      isPending = true
      pthread_cond_signal(condition)
      pthread_mutex_unlock(mutex)
    }

    /// Sleeps until ``ring()``, or not at all when that came since the last sleep. One thread.
    ///
    /// - Returns: whether it rang; false when `timeout` passed.
    @discardableResult
    public func sleep(atMost timeout: Duration) -> Bool {
      // At most a century, so that the sum fits.
      let end = MonotonicClock.now() + min(max(.zero, timeout), .seconds(3_000_000_000))
      let (seconds, attoseconds) = end.components
      var deadline = timespec()
      deadline.tv_sec = Int(seconds)
      deadline.tv_nsec = Int(attoseconds / 1_000_000_000)
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      while !isPending {
        if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { break }
      }
      defer { isPending = false }
      return isPending
    }
  #else
    private let semaphore = DispatchSemaphore(value: 0)

    public init() {}

    public func ring() { semaphore.signal() }

    @discardableResult
    public func sleep(atMost timeout: Duration) -> Bool {
      let nanoseconds = Int(min(max(.zero, timeout) / .nanoseconds(1), 1e18))
      let hasRung = semaphore.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success
      // What rang more than once counts once.
      while semaphore.wait(timeout: .now()) == .success {}
      return hasRung
    }
  #endif
}
