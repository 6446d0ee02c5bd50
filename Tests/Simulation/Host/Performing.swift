import Concurrency
import LiveRuntime
import PersistenceMessages
import PersistencePipeline
import RenderSnapshots
import StudioState

// Mutations for the real coordinator, and their required results (I4).
extension HostLife {
  func perform(_ planned: PlannedMutation) {
    let before = coordinator.view()
    performing.append(0)
    let outcome: Result<RuntimeCoordinatorResult, MutationRejection>
    do throws(MutationRejection) {
      outcome = .success(
        try coordinator.perform(planned.mutations, actor: "simulation", isForced: planned.isForced, now: world.now))
    } catch {
      outcome = .failure(error)
    }
    let requests = performing.removeLast()
    guard !isOver, !world.isOver else { return }
    check(outcome, of: planned, requests: requests, before: before)
    checkRendered()
  }

  private func check(
    _ outcome: Result<RuntimeCoordinatorResult, MutationRejection>, of planned: PlannedMutation, requests: Int,
    before: RuntimeView
  ) {
    let name = planned.name
    switch (planned.expectation, outcome) {
    case (.durable, .success(let result)):
      world.count { $0.accepted += 1 }
      world.require(requests == 1, .explicitOutcomes, "\(name) was accepted with \(requests) requests")
      world.require(
        result.persistenceRequest?.sequence == result.sequence, .explicitOutcomes,
        "the result of \(name) names sequence \(result.sequence) and not its request's")
    case (.silent, .success(let result)):
      world.count { $0.silent += 1 }
      world.require(
        requests == 0 && result.persistenceRequest == nil, .explicitOutcomes, "\(name) requested persistence")
      checkUnchanged(by: name, before)
    case (.refused, .failure):
      world.count { $0.refused += 1 }
      world.require(requests == 0, .explicitOutcomes, "\(name) was refused and requested persistence")
      checkUnchanged(by: name, before)
      let after = coordinator.view()
      world.require(
        after.committed == before.committed && after.transient == before.transient, .explicitOutcomes,
        "\(name) was refused and changed live values")
    case (_, .failure(let refusal)) where refusal.code == .stopped:
      world.require(isStopping, .explicitOutcomes, "\(name) was refused as if the host stopped")
    case (_, .failure(let refusal)): world.require(false, .explicitOutcomes, "\(name) was refused: \(refusal)")
    case (.refused, .success): world.require(false, .explicitOutcomes, "\(name) was accepted")
    }
  }

  private func checkUnchanged(by name: String, _ before: RuntimeView) {
    let current = coordinator.view()
    world.require(
      current.sequence == before.sequence && current.durable == before.durable, .explicitOutcomes,
      "\(name) is not durable and changed the durable state")
  }

  /// Render snapshots match the coordinator's view and never go back.
  private func checkRendered() {
    guard let snapshot = rendered.newest() else { return }
    world.require(snapshot.number >= lastRendered, .newestWins, "render went back from picture \(lastRendered)")
    lastRendered = snapshot.number
    let view = coordinator.view()
    world.require(
      snapshot.sequence == view.sequence && snapshot.layers == view.effective, .newestWins,
      "render sees sequence \(snapshot.sequence) and the runtime is at \(view.sequence)")
  }

  /// The coordinator has accepted a durable mutation and is about to request its storing.
  func noteAccepted(_ request: PersistenceRequest) {
    if !performing.isEmpty { performing[performing.count - 1] += 1 }
    world.require(
      request.sequence == ledger.newest + 1, .explicitOutcomes,
      "sequence \(request.sequence) was given after \(ledger.newest)")
    let current = coordinator.view()
    world.require(
      current.sequence == request.sequence, .explicitOutcomes,
      "sequence \(request.sequence) was requested and the runtime is at \(current.sequence)")
    guard !world.isOver else { return }
    ledger.accept(current.durable)
    world.note(request.sequence, "accepted \(request.sequence) \(request.reason)\(request.isForced ? ", forced" : "")")
  }

  /// The request reaches the writer.
  func deliver(_ request: PersistenceRequest) {
    writer.request(request)
    ledger.noteRequested(request.sequence, at: mark, lookBefore: lookBefore)
    if request.isForced { watch.noteForced(hasUnsaved: request.sequence > ledger.stored, at: mark) }
  }

  /// Lets live values settle, as the host does every few frames.
  func settle() {
    let before = coordinator.view()
    performing.append(0)
    coordinator.settle(now: world.now)
    let requests = performing.removeLast()
    guard !isOver, !world.isOver, !isStopping else { return }
    let after = coordinator.view()
    let hasSettled = after.transient.layers.count < before.transient.layers.count
    let isDurable = before.durable.config.oscSettledValues == .durable
    // If other threads ran in between, settled values can't be distinguished from their changes.
    guard world.scenario.preemption == 0 else { return }
    world.require(
      requests == (hasSettled && isDurable ? 1 : 0), .explicitOutcomes,
      "settling (\(hasSettled), durable \(isDurable)) made \(requests) requests")
  }
}
