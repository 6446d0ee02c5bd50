import PersistenceMessages
import PersistencePipeline
import StudioState

// The checks of every attempt to store: the newest state, in time, and not too often (I6, I10).
extension HostLife {
  private var policy: PersistencePolicy { world.scenario.policy }
  private var poll: Duration { PersistenceWorker<SimulatedStore>.pollInterval }

  /// The store was called.
  func noteAttempt(_ snapshot: PersistenceSnapshot, requests: UInt64) {
    let sequence = snapshot.sequence
    world.require(
      sequence == watch.picked, .newestWins, "sequence \(sequence) is stored and \(watch.picked ?? 0) was announced")
    world.require(
      ledger.state(of: sequence) == snapshot.state(as: StudioState.self), .newestWins,
      "the state to be stored as sequence \(sequence) is not what was accepted under it")
    world.require(
      sequence > ledger.stored && requests == sequence - ledger.stored, .nothingSilent,
      "the store of \(sequence) after \(ledger.stored) counts \(requests) requests")
    world.require(!watch.isHalted, .nothingSilent, "a store was tried after a broken invariant")
    checkNothingIsOverdue()
    checkNothingIsHurried()
    watch.noteAttempt()
  }

  /// Upper bounds, excluding time that the world consumed. Checked before each attempt and after each step.
  func checkNothingIsOverdue() {
    guard !watch.isHalted, !isWorkerEnded, !isOver else { return }
    if !ledger.hasUnsaved {
      watch.forcedSince = nil
      watch.flushSince = nil
      return
    }
    require(watch.flushSince, within: .zero, "a flush waits for its store to begin")
    guard watch.failures == 0 else {
      let bound = (watch.retryIn ?? .zero) + poll
      return require(watch.failedAt, within: bound, of: .bounded, "the next attempt after a failure")
    }
    require(watch.forcedSince, within: .zero, "a forced request waits for its store to begin")
    require(
      ledger.oldestUnsaved?.requestedAt, within: policy.maxDelay + poll,
      "the oldest unsaved request waits for its store to begin")
    require(
      ledger.lastRequestedAt, within: policy.debounce + poll,
      "the newest request was followed by quiet and waits for its store to begin")
  }

  private func require(
    _ mark: Mark?, within bound: Duration, of invariant: Invariant = .newestWins, _ what: String
  ) {
    guard let mark else { return }
    let elapsed = elapsed(since: mark)
    world.require(
      elapsed <= bound + StoreWatch.grain, invariant, "\(what): \(elapsed.inSeconds) s of at most \(bound.inSeconds)")
  }

  /// Lower bounds: bursts coalesce, and a disk that fails is left alone for a while.
  private func checkNothingIsHurried() {
    guard !isStopping else { return }
    let slack = StoreWatch.longestInterruption * 4 + StoreWatch.grain
    if watch.failures > 0 {
      guard let failedAt = watch.failedAt, let retryIn = watch.retryIn, !watch.maySkipRetry else { return }
      world.require(
        world.now >= failedAt.time + retryIn - slack, .bounded,
        "attempt \(watch.failures + 1) comes before its wait is over")
    } else if !watch.mayHurry {
      world.require(ledger.hasUnsaved, .newestWins, "a store without a request")
      guard let last = watch.lastRequestedAtLook, let oldest = ledger.oldestUnsaved else { return }
      let due = min(last + policy.debounce, oldest.lookBefore + policy.maxDelay)
      // The machine may have slept between the worker's look at the clock and its look at the requests.
      let slept = world.standstill(since: oldest.lookBefore)
      world.require(
        world.now >= due - slack - slept, .newestWins,
        "a store comes \((due - world.now).inSeconds) s before its debounce and its max delay")
    }
  }

  // The result of an attempt in the storage model, before the worker knows it.

  func noteStored(_ snapshot: PersistenceSnapshot, as stored: StoredGeneration) {
    ledger.noteStored(snapshot.sequence)
    watch.failuresBeforeStored = watch.failures
    watch.failures = 0
    watch.lastFailure = nil
    watch.retryIn = nil
    world.count { $0.stores += 1 }
    world.note(snapshot.sequence, "stored \(snapshot.sequence) as generation \(stored.generation)")
  }

  func noteFailedAttempt(_ failure: StoreFailure) {
    watch.failures += 1
    watch.lastFailure = failure
    watch.failedAt = mark
    watch.retryIn = nil
    if failure.code == .invariant { watch.isHalted = true }
    world.count { $0.failedStores += 1 }
    world.note(2, "store failed: \(failure.code.rawValue), attempt \(watch.failures)")
  }

  // The worker's observations.

  func note(_ observation: PersistenceObservation) {
    switch observation {
    case .storing(let sequence):
      watch.picked = sequence
      world.require(
        sequence == ledger.newest, .newestWins, "sequence \(sequence) is stored and \(ledger.newest) is the newest")
    case .stored(let report):
      world.require(
        report.stored.sequence == ledger.stored && watch.failures == 0, .nothingSilent,
        "sequence \(report.stored.sequence) is called stored, and the store said OK to \(ledger.stored)")
      acknowledged = max(acknowledged, report.stored.sequence)
    case .failed(let report): check(report)
    case .recovered(let attempts, _):
      world.require(
        attempts == watch.failuresBeforeStored, .nothingSilent,
        "recovered after \(attempts) attempts, not \(watch.failuresBeforeStored)")
    case .stopped(let outcome, _): checkStopped(outcome)
    }
  }

  private func check(_ report: PersistenceObservation.FailureReport) {
    world.require(
      report.failure == watch.lastFailure && report.attempt == watch.failures, .nothingSilent,
      "the failure reported is \(report.failure.code.rawValue), attempt \(report.attempt): \(report.failure.message)")
    world.require(
      report.request.sequence == watch.picked, .nothingSilent,
      "the failure reported is that of sequence \(report.request.sequence)")
    world.require(
      report.newerRequestPending || ledger.requested <= report.request.sequence, .nothingSilent,
      "a newer request waits behind the failed one, and the report denies it")
    watch.retryIn = report.retryIn
    guard let wait = report.retryIn else {
      return world.require(watch.isHalted, .nothingSilent, "no further attempt will be made")
    }
    let doubled = policy.firstRetry * (1 << min(report.attempt - 1, 20))
    let longest = report.failure.code.retry == .soon ? min(doubled, policy.longestRetry) : policy.longestRetry
    world.require(
      wait <= longest && wait >= longest * (1 - policy.jitter), .bounded,
      "the wait after failure \(report.attempt) is \(wait.inSeconds) s, and \(longest.inSeconds) is due")
  }

  private func checkStopped(_ outcome: ShutdownOutcome) {
    world.note(6, "worker stopped: \(outcome.rawValue)")
    guard outcome == .stored || outcome == .nothingPending else { return }
    world.require(
      ledger.stored >= ledger.newest, .nothingSilent,
      "the worker ends with \"\(outcome.rawValue)\", and sequence \(ledger.newest) was accepted and not stored")
  }
}
