import Documents
import Hummingbird
import LiveRuntime
import PersistenceMessages
import StudioState

// One step back and forth in the history.
extension StudioAPI {
  /// What undo and redo would do now: `{"undo":{"to","changes"},"redo":…}`, null where there is nothing to do.
  func history() async throws(RequestRejection) -> Response {
    let steps = try await steps()
    return .json(["undo": await forecast(steps.undo), "redo": await forecast(steps.redo)])
  }

  /// Brings back the generation before the newest change, or the one after what was undone; stored as a new generation.
  func step(_ step: HistorySteps.Step, _ call: APICall) async throws(RequestRejection) -> Response {
    let timeout = try timeout(call)
    let body = try await object(call, members: ["force"])
    try await storeUnsaved(within: timeout, isForced: try Self.flag(body, "force"))
    guard let generation = try await steps().target(of: step) else {
      throw RequestRejection(409, "nothingToDo", "there is nothing to \(step.rawValue)")
    }
    let target = try await asked { archive throws(ArchiveRejection) in try await archive.state(of: "\(generation)") }
    let mutation = Mutation.replaceState(target.state, .rollback, reason: step.reason(generation))
    return try await replaceShow(
      mutation, try await answer(to: target.generation, isDryRun: false), call, within: timeout)
  }

  private func steps() async throws(RequestRejection) -> HistorySteps {
    let list = try await asked { archive throws(ArchiveRejection) in try await archive.list() }
    return HistorySteps(HistorySteps.entries(list), hasUnsaved: seams.persistence.status().hasUnsaved)
  }

  /// Null as well for a generation that can't be read: a request for it reports the damage.
  private func forecast(_ generation: Int64?) async -> JSONValue {
    guard let generation, let target = try? await seams.archive.state(of: "\(generation)") else { return .null }
    let now = seams.coordinator.view().durable
    let changes = seams.archive.changes(from: now, to: now.replaced(by: target.state))
    return ["to": .int(generation), "changes": changes]
  }
}
