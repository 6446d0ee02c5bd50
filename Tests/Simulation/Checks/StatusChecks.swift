import PersistenceMessages
import PersistencePipeline

// The checks of health (I5), made after every step.
extension HostLife {
  func checkStatus() {
    let status = writer.status()
    // Health is never ahead of the disk. In the middle of a step the worker may not have published its status yet.
    world.require(
      status.storedSequence <= ledger.stored && (isInStep || status.storedSequence == ledger.stored), .nothingSilent,
      "health says that \(status.storedSequence) is stored, and the store said OK to \(ledger.stored)")
    world.require(
      status.requestedSequence <= ledger.newest && (isInStep || status.requestedSequence >= ledger.requested),
      .nothingSilent, "health says that \(status.requestedSequence) is requested, and \(ledger.requested) is")
    world.require(
      status.hasUnsaved || !ledger.hasUnsaved, .nothingSilent,
      "sequence \(ledger.requested) is unsaved, and health does not show it")
    checkAge(status)
    if !isInStep {
      checkFailure(status)
      checkWord(status)
    }
  }

  private func checkAge(_ status: PersistenceStatus) {
    guard let oldest = ledger.oldestUnsaved, let requestedAt = oldest.requestedAt, status.hasUnsaved else { return }
    guard let age = status.oldestUnsavedAge else {
      return world.require(false, .nothingSilent, "something is unsaved without an age")
    }
    let least = world.now - requestedAt.time
    world.require(
      age >= least, .nothingSilent, "unsaved for \(least.inSeconds) s, and health says \(age.inSeconds)")
    let most = world.now - oldest.lookBefore + StoreWatch.longestInterruption * 4
    world.require(
      isInStep || age <= most, .nothingSilent,
      "unsaved for \(least.inSeconds) s, \(most.inSeconds) at most, and health says \(age.inSeconds)")
  }

  private func checkFailure(_ status: PersistenceStatus) {
    world.require(
      status.lastFailure?.failure == watch.lastFailure, .nothingSilent,
      "the failure that holds back is \(watch.lastFailure?.code.rawValue ?? "none"), and health says "
        + "\(status.lastFailure?.failure.code.rawValue ?? "none")")
    guard let report = status.lastFailure else { return }
    world.require(
      report.attempt == watch.failures && !report.request.reason.isEmpty, .nothingSilent,
      "health names attempt \(report.attempt) of \(watch.failures)")
    world.require(
      status.newerRequestPending == (status.requestedSequence > report.request.sequence), .nothingSilent,
      "health is wrong about newer requests behind the failed one")
    world.require(
      (status.nextRetryIn ?? .zero) <= world.scenario.policy.longestRetry, .bounded,
      "health says that the next attempt comes in \(status.nextRetryIn?.inSeconds ?? "") s")
  }

  private func checkWord(_ status: PersistenceStatus) {
    let allowed: [PersistenceState]
    if isWorkerEnded {
      allowed = [.stopped]
    } else if let failure = watch.lastFailure {
      allowed = failure.code == .readOnly || failure.code == .newerSchema ? [.readOnly] : [.retrying, .failing]
    } else {
      allowed = [status.hasUnsaved ? .pending : .saved]
    }
    world.require(
      allowed.contains(status.state), .nothingSilent, "health says \(status.state.rawValue) instead of \(allowed[0])")
  }
}
