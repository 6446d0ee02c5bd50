import LiveRuntime
import PersistenceMessages
import PersistencePipeline

// The orderly end of a host (I5, I10).
extension HostLife {
  /// The longest time beyond the budget after which the writer gives up on a disk that does not answer.
  private static let grace = Duration.milliseconds(250)

  /// As the host does it: nothing more is accepted, what is pending is stored, the process ends.
  func shutDown(within budget: Duration) {
    guard !isStopping else { return }
    isStopping = true
    coordinator.stopAccepting()
    watch.noteFlush(hasUnsaved: ledger.hasUnsaved, at: mark)
    world.note(7, "SHUTDOWN within \(budget.inSeconds) s")
    waiting.open += 1
    let begun = mark
    Task(executorPreference: world.executor) { [self, writer] in
      let report = await writer.shutdown(within: budget)
      waiting.open -= 1
      guard !isOver else { return }
      check(report, begun: begun, budget: budget)
      end(.exited)
    }
    // A supervisor would kill the host then.
    world.schedule(in: budget + Self.grace + .seconds(1), life: number) { [self] in
      world.require(false, .bounded, "the shutdown has not ended \(budget.inSeconds) s and 1.25 s later")
    }
  }

  private func check(_ report: PersistenceWriter<SimulatedStore>.ShutdownReport, begun: Mark, budget: Duration) {
    world.note(8, "shutdown: \(report.outcome.rawValue), \(report.unsavedRequests) unsaved")
    let poll = PersistenceWorker<SimulatedStore>.pollInterval
    world.require(
      world.now - begun.time <= budget + Self.grace + poll + world.standstill(since: begun.time), .bounded,
      "the shutdown took \((world.now - begun.time).inSeconds) s of \(budget.inSeconds)")
    let unsaved = ledger.newest - min(ledger.newest, ledger.stored)
    // A worker that the disk or the scheduler blocked can't count mutations whose requests are still in flight. Its
    // outcome is "timed-out" then, which the next check requires.
    let counted = report.outcome == .timedOut ? ledger.requested - ledger.stored : unsaved
    world.require(
      report.unsavedRequests >= counted, .nothingSilent,
      "\(unsaved) accepted mutations are unsaved, and the shutdown reports \(report.unsavedRequests)")
    let isNothingUnsaved = report.outcome == .stored || report.outcome == .nothingPending
    world.require(
      !isNothingUnsaved || unsaved == 0, .nothingSilent,
      "the shutdown ends with \"\(report.outcome.rawValue)\" and leaves \(unsaved) unsaved")
    let hadTheDisk = world.faults.fineSince.map { $0 <= begun.time } ?? false
    let hadTheTime = mark.taken - begun.taken < budget / 2
    world.require(
      !hadTheDisk || !hadTheTime || watch.isHalted || isNothingUnsaved, .nothingSilent,
      "the shutdown had a good disk and its time, and ends with \"\(report.outcome.rawValue)\"")
    acknowledged = max(acknowledged, isNothingUnsaved ? ledger.newest : 0)
  }
}
