import Documents
import HealthReporting
import Hummingbird
import LiveRuntime
import PersistenceMessages
import StudioState

/// The body of a rollback.
private struct RollbackRequest {
  var only: LayerID?
  var isDryRun = false
  /// Roll back although the unsaved state can't be stored first.
  var isForced = false
}

extension StudioAPI {
  /// Puts an earlier generation, or one layer of it, on air and stores the result as a new generation.
  ///
  /// Unsaved changes are stored first, so that the replaced state stays in the history and can be rolled back to. If
  /// that fails, nothing changes, unless the body has `"force":true`.
  func rollBack(_ call: APICall) async throws(RequestRejection) -> Response {
    let timeout = try timeout(call)
    let wanted = try await rollbackRequest(call)
    let reference = call.names[0]
    let target = try await asked { archive throws(ArchiveRejection) in try await archive.state(of: reference) }
    guard let rollback = ShowRollback(to: target.generation, of: target.state, only: wanted.only) else {
      throw RequestRejection(
        404, "unknownLayer", "generation \(target.generation) has no layer \(wanted.only.map { "\($0)" } ?? "")")
    }
    if wanted.isDryRun {
      var members = try await answer(to: rollback.generation, isDryRun: true)
      members.append("changes", try forecast(rollback))
      return .json(members)
    }
    try await storeUnsaved(within: timeout, isForced: wanted.isForced)
    // Built before the rollback itself becomes the current generation.
    return try await replaceShow(
      Self.mutation(rollback), try await answer(to: rollback.generation, isDryRun: false), call, within: timeout)
  }

  /// The changes that the rollback would make to the current show, stored or not.
  private func forecast(_ rollback: ShowRollback) throws(RequestRejection) -> JSONValue {
    let now = seams.coordinator.view().durable
    do {
      return seams.archive.changes(from: now, to: try rollback.result(on: now))
    } catch {
      throw RequestRejection(error)
    }
  }

  /// Stores unsaved changes first, so that the replaced state stays in the history.
  func storeUnsaved(within timeout: Duration, isForced: Bool) async throws(RequestRejection) {
    if case .stored = await seams.persistence.flush(timeout: timeout) { return }
    guard !isForced else { return }
    throw RequestRejection(
      504, "unsaved",
      "nothing was changed: the changes that are unsaved now could not be stored first; do not stop the host, which alone "
        + "has them; see /api/v1/health, or repeat with force to leave them out of the history")
  }

  /// Performs a mutation that replaces the show or a part of it, and answers with `members` once it is stored.
  func replaceShow(
    _ mutation: Mutation, _ members: JSONValue, _ call: APICall, within timeout: Duration
  ) async throws(RequestRejection) -> Response {
    var members = members
    let result = try perform([mutation], call, isForced: true)
    members.append("sequence", .int(Int64(clamping: result.sequence)))
    // A rollback to a state that equals the current one stores nothing: the newest generation holds it.
    if !result.persistenceRequested { members.append("changed", false) }
    switch await seams.persistence.waitUntilStored(result.sequence, timeout: timeout) {
    case .stored(let generation):
      members.replace("stored", generation.map { .int($0) } ?? .null)
      return .json(members)
    case .timedOut, .refused: return unsaved(members, status: 504)
    case .stopped: return unsaved(members, status: 503)
    }
  }

  private func unsaved(_ members: JSONValue, status: Int) -> Response {
    var members = members
    members.append("health", seams.health().json)
    return .json(members, status: status)
  }

  /// The answer while nothing is stored.
  func answer(to generation: Int64, isDryRun: Bool) async throws(RequestRejection) -> JSONValue {
    let current = try await asked { archive throws(ArchiveRejection) in try await archive.currentGeneration() }
    return ShowRollback.json(from: current, to: generation, stored: nil, isDryRun: isDryRun)
  }

  private func rollbackRequest(_ call: APICall) async throws(RequestRejection) -> RollbackRequest {
    let body = try await object(call, members: ["only", "dryRun", "force"])
    var wanted = RollbackRequest()
    wanted.isDryRun = try Self.flag(body, "dryRun")
    wanted.isForced = try Self.flag(body, "force")
    if let only = body["only"] {
      guard let text = only.stringValue, text.hasPrefix("layer:"), let id = LayerID(String(text.dropFirst(6))) else {
        throw RequestRejection(422, "wrongType", "only: \"layer:ID\" is expected")
      }
      wanted.only = id
    }
    return wanted
  }

  static func flag(_ body: JSONValue, _ name: String) throws(RequestRejection) -> Bool {
    guard let json = body[name] else { return false }
    guard let flag = json.boolValue else { throw .wrongType(name, "true or false", json) }
    return flag
  }

  private static func mutation(_ rollback: ShowRollback) -> Mutation {
    guard let layer = rollback.layer else {
      return .replaceState(rollback.target, .rollback, reason: rollback.reason)
    }
    return .restoreLayer(layer, from: rollback.target, .rollback, reason: rollback.reason)
  }
}

extension JSONValue {
  mutating func append(_ name: String, _ value: JSONValue) {
    self = .object((objectValue ?? []) + [Member(name, value)])
  }

  fileprivate mutating func replace(_ name: String, _ value: JSONValue) {
    self = .object((objectValue ?? []).map { $0.name == name ? Member(name, value) : $0 })
  }
}
