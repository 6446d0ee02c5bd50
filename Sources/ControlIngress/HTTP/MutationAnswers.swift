import Documents
import HealthReporting
import Hummingbird
import LiveRuntime
import PersistenceMessages
import StudioState

// Performing mutations, and the receipts for them.
extension StudioAPI {
  /// The bounds of `timeoutMs`, in milliseconds.
  private static let timeouts = 1...30_000
  private static let defaultTimeout = 2_000

  /// Performs one mutation. Answers 202 if it is durable, 200 if it is not, and with `?wait=stored` 200 once it is on
  /// disk or 504 after the timeout (the mutation remains accepted).
  func perform(_ mutation: Mutation, _ call: APICall) async throws(RequestRejection) -> Response {
    // Read before performing, so that a bad query changes nothing.
    let isWaiting = try waitsForStore(call)
    let timeout = try timeout(call)
    let result = try perform([mutation], call)
    let sequence = JSONValue.int(Int64(clamping: result.sequence))
    guard isWaiting, result.persistenceRequested else {
      let isRequested = result.persistenceRequested
      return .json(
        ["sequence": sequence, "persistenceRequested": .bool(isRequested), "stored": false],
        status: isRequested ? 202 : 200)
    }
    switch await seams.persistence.waitUntilStored(result.sequence, timeout: timeout) {
    case .stored(let generation):
      return .json(["sequence": sequence, "stored": true, "generation": generation.map { .int($0) } ?? .null])
    case .timedOut, .refused: return notStored(["sequence": sequence], status: 504)
    case .stopped: return notStored(["sequence": sequence], status: 503)
    }
  }

  func perform(
    _ mutations: [Mutation], _ call: APICall, isForced: Bool = false
  ) throws(RequestRejection) -> RuntimeCoordinatorResult {
    try refuseLate(call)
    do {
      let result = try seams.coordinator.perform(
        mutations, actor: call.actor, isForced: isForced, now: seams.clock.now())
      seams.countMutations(mutations, true)
      return result
    } catch {
      seams.countMutations(mutations, false)
      throw RequestRejection(error)
    }
  }

  /// `members` with `"stored":false` and the health, which has the reason.
  func notStored(_ members: JSONValue, status: Int) -> Response {
    let added: [JSONValue.Member] = [.init("stored", false), .init("health", seams.health().json)]
    return .json(.object((members.objectValue ?? []) + added), status: status)
  }

  private func waitsForStore(_ call: APICall) throws(RequestRejection) -> Bool {
    guard let wait = call.query("wait") else { return false }
    guard wait == "stored" else { throw .badQuery("wait", "\"stored\"") }
    return true
  }

  func timeout(_ call: APICall) throws(RequestRejection) -> Duration {
    guard let text = call.query("timeoutMs") else { return .milliseconds(Self.defaultTimeout) }
    guard let milliseconds = Int(text), Self.timeouts.contains(milliseconds) else {
      throw .badQuery(
        "timeoutMs", "a number of milliseconds from \(Self.timeouts.lowerBound) to \(Self.timeouts.upperBound)")
    }
    return .milliseconds(milliseconds)
  }
}
