import Concurrency
import Synchronization

/// Threads of the system that run at the same time. Tests that step everything by hand show what is decided; only real
/// threads show what is shared, to the thread sanitizer above all (tools/sanitize).
final class Crew {
  private var threads: [WorkerThread] = []

  /// Starts a thread that does `work` for each number up to `rounds`.
  func add(_ name: String, rounds: Int, _ work: @escaping @Sendable (_ round: Int) -> Void) {
    threads.append(
      WorkerThread(name: name) {
        for round in 0..<rounds { work(round) }
      })
  }

  /// Starts a thread that does `work` again and again until it says that it is done.
  func addLoop(_ name: String, untilDone work: @escaping @Sendable () -> Bool) {
    threads.append(WorkerThread(name: name) { while !work() {} })
  }

  /// Waits for all; false when one did not end in time.
  func join() -> Bool { threads.allSatisfy { $0.join(timeout: .seconds(60)) } }
}

/// A flag that one thread raises for others.
final class Flag: Sendable {
  private let value = Atomic(false)

  var isRaised: Bool { value.load(ordering: .acquiring) }
  func raise() { value.store(true, ordering: .releasing) }
}
