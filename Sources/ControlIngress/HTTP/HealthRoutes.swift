import Documents
import HealthReporting
import Hummingbird
import PersistenceMessages
import StudioState

extension StudioAPI {
  func health() -> Response {
    .json(seams.health().json)
  }

  /// For load balancers and watchdogs, which need only the status.
  func healthProbe() -> Response {
    let health = seams.health()
    return .bytes(
      Array("\(health.word.rawValue)\n".utf8), type: "text/plain; charset=utf-8", status: health.isHealthy ? 200 : 503)
  }

  func metrics() -> Response {
    .bytes(Array(seams.health().prometheusText.utf8), type: "text/plain; version=0.0.4; charset=utf-8")
  }

  /// Acknowledges the recorded loss.
  func acknowledgeLoss(_ call: APICall) async throws(RequestRejection) -> Response {
    _ = try await object(call, members: [])
    let acknowledge = seams.acknowledgeLoss
    let record = try await onSlowThread { acknowledge().mapError { RequestRejection($0) } }
    return .json(["acknowledged": record, "loss": nil])
  }

  func flush(_ call: APICall) async throws(RequestRejection) -> Response {
    let timeout = try timeout(call)
    let before = seams.persistence.status()
    let sequence = JSONValue.int(Int64(clamping: before.requestedSequence))
    switch await seams.persistence.flush(timeout: timeout) {
    case .stored(let generation):
      return .json([
        "stored": true, "sequence": sequence, "generation": generation.map { .int($0) } ?? .null,
        "nothingPending": .bool(!before.hasUnsaved),
      ])
    case .timedOut, .refused: return notStored(["sequence": sequence], status: 504)
    case .stopped: return notStored(["sequence": sequence], status: 503)
    }
  }
}
