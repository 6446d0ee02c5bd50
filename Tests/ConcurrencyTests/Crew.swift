import Concurrency
import Synchronization

/// Real threads that run concurrently. Tests that step all parts by hand check decisions; only real threads can show
/// data races, above all to the thread sanitizer (tools/sanitize).
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
