/// Runs the asynchronous parts of the real code (waiters, flush, shutdown) on the simulated world's one thread. Tasks
/// that are ready wait here, and the seed determines which one runs next.
///
/// `@unchecked Sendable`: a world and everything in it is used by one thread.
final class SimulatedExecutor: TaskExecutor, @unchecked Sendable {
  private var ready: [UnownedJob] = []
  private var random: SeededRandom
  private var isRunning = false

  init(random: SeededRandom) {
    self.random = random
  }

  func enqueue(_ job: consuming ExecutorJob) {
    ready.append(UnownedJob(job))
  }

  /// Runs until no task is ready.
  func runUntilQuiet() {
    guard !ready.isEmpty, !isRunning else { return }
    isRunning = true
    defer { isRunning = false }
    while !ready.isEmpty {
      let job = ready.count == 1 ? ready.removeLast() : ready.remove(at: random.below(ready.count))
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
