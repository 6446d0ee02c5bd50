import PersistenceMessages
import PersistencePipeline

/// The waiters and jobs without an answer.
struct WaitCounts {
  var open = 0
  var jobs = 0
  /// Jobs whose time was over before the worker took them: they keep their place until it comes.
  var abandonedJobs = 0
}

// Each waiter gets exactly one answer, in time, and the right one (I5, I10).
extension HostLife {
  /// Waiters at most; `WaitRoom.maximumWaiters`.
  private static let waiterBound = 1024
  /// Jobs at most; `MaintenanceQueue.capacity`.
  private static let jobBound = 16

  func waitUntilStored(_ sequence: UInt64, timeout: Duration) {
    wait(for: sequence, timeout: timeout) { [writer] in await writer.waitUntilStored(sequence, timeout: timeout) }
  }

  func flush(timeout: Duration) {
    watch.noteFlush(hasUnsaved: ledger.hasUnsaved, at: mark)
    wait(for: ledger.requested, timeout: timeout) { [writer] in await writer.flush(timeout: timeout) }
  }

  private func wait(
    for sequence: UInt64, timeout: Duration, _ body: @escaping @Sendable () async -> StoreWait
  ) {
    waiting.open += 1
    world.count { $0.waiters += 1 }
    let begun = world.now
    Task(executorPreference: world.executor) { [self] in
      let answer = await body()
      check(answer, to: sequence, deadline: begun + timeout)
      waiting.open -= 1
    }
  }

  private func check(_ answer: StoreWait, to sequence: UInt64, deadline: Duration) {
    guard !isOver else { return }
    world.note(sequence, "answer to a waiter for \(sequence): \(answer)")
    switch answer {
    case .stored(let generation):
      world.require(
        sequence <= ledger.stored, .nothingSilent,
        "a waiter was told that \(sequence) is stored, and the store said OK to \(ledger.stored)")
      world.require(
        sequence <= ledger.base || generation.flatMap { world.disk.witnesses[$0] }?.sequence ?? 0 >= sequence,
        .nothingSilent, "a waiter was told that generation \(generation as Any) holds \(sequence)")
    case .timedOut:
      world.require(world.now >= deadline, .bounded, "a waiter for \(sequence) was sent away before its time")
      world.require(
        sequence > watch.storedAtStepEnd, .bounded, "a waiter for \(sequence) was never told that it is stored")
    case .stopped:
      world.require(isWorkerEnded, .bounded, "a waiter was told that the writer has ended")
    case .refused:
      world.require(waiting.open >= Self.waiterBound, .bounded, "one of \(waiting.open) waiters was refused")
    }
  }

  /// Work on the store between two stores.
  func maintain(timeout: Duration, _ work: @escaping @Sendable (SimulatedStore) -> Void) {
    waiting.open += 1
    waiting.jobs += 1
    world.count { $0.jobs += 1 }
    let job = Job(deadline: world.now + timeout)
    Task(executorPreference: world.executor) { [self, writer] in
      do throws(MaintenanceFailure) {
        try await writer.maintain(timeout: timeout) { store in
          job.runs += 1
          work(store)
        }
        check(job, nil)
      } catch {
        check(job, error)
      }
      waiting.open -= 1
      waiting.jobs -= 1
    }
  }

  private func check(_ job: Job, _ problem: MaintenanceFailure?) {
    guard !isOver else { return }
    world.require(
      job.runs == (problem == nil ? 1 : 0), .bounded, "a job ran \(job.runs) times and ended with \(problem as Any)")
    switch problem {
    case nil: break
    case .busy:
      let isCrowded = waiting.jobs + waiting.abandonedJobs > Self.jobBound
      world.require(isCrowded || world.now >= job.deadline, .bounded, "a job was given up before its time")
      if world.now >= job.deadline { waiting.abandonedJobs += 1 }
    case .stopped:
      // The worker may still be closing the store.
      world.require(isWorkerEnded || (isStopping && isInStep), .bounded, "a job was told that the writer has ended")
    }
  }

  /// `@unchecked Sendable`: a world and everything in it is used by one thread.
  private final class Job: @unchecked Sendable {
    let deadline: Duration
    var runs = 0

    init(deadline: Duration) {
      self.deadline = deadline
    }
  }
}
