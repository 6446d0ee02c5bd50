import Dispatch
import Synchronization

/// Runs many seeds on several threads. Each world has one thread; seeds are handed out in order, and after a violation
/// every lower seed is finished, so that the lowest one is reported whatever the number of threads.
final class SeedRunner: Sendable {
  private let options: SimulationOptions
  private let nextSeed: Atomic<UInt64>
  private let total = Mutex(Total())
  private let deadline: ContinuousClock.Instant?

  struct Total {
    var seeds = 0
    /// The sum of all digests: the same for the same seeds, in whatever order they ran.
    var digest: UInt64 = 0
    var figures = RunFigures()
    var failed: SeedRun.Result?
  }

  init(_ options: SimulationOptions) {
    self.options = options
    nextSeed = Atomic(options.first)
    deadline = options.minutes.map { .now + .seconds($0 * 60) }
  }

  func run() -> Total {
    DispatchQueue.concurrentPerform(iterations: options.threads) { runSeeds(thread: $0) }
    return total.withLock { $0 }
  }

  private func runSeeds(thread: Int) {
    while let seed = takeSeed() {
      TrapReport.note(seed, thread: thread)
      let result = SeedRun.run(seed, keepsHistory: false, hasLyingDisk: options.hasLyingDisk)
      TrapReport.note(0, thread: thread)
      add(result)
    }
  }

  private func takeSeed() -> UInt64? {
    if let deadline, ContinuousClock.now >= deadline { return nil }
    let seed = nextSeed.wrappingAdd(1, ordering: .relaxed).oldValue
    if deadline == nil, seed >= options.first + options.seeds { return nil }
    return seed < total.withLock { $0.failed?.seed ?? .max } ? seed : nil
  }

  private func add(_ result: SeedRun.Result) {
    total.withLock { total in
      total.seeds += 1
      total.digest &+= result.digest
      total.figures.add(result.figures)
      guard result.violation != nil, result.seed < total.failed?.seed ?? .max else { return }
      total.failed = result
    }
  }
}
