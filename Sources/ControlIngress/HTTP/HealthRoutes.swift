import Hummingbird
import StudioState

extension StudioAPI {
  func health() -> Response {
    .json(seams.health().json)
  }

  /// For load balancers and watchdogs: the status says it all.
  func healthProbe() -> Response {
    let health = seams.health()
    return .bytes(
      Array("\(health.summary)\n".utf8), type: "text/plain; charset=utf-8", status: health.isHealthy ? 200 : 503)
  }

  func metrics() -> Response {
    .bytes(Array(seams.metrics().utf8), type: "text/plain; version=0.0.4; charset=utf-8")
  }

  func flush(_ call: APICall) async throws(APIProblem) -> Response {
    switch await seams.persistence.flush(timeout: try timeout(call)) {
    case .stored(let sequence, let generation, let nothingPending):
      return .json([
        "stored": true, "sequence": .int(Int64(clamping: sequence)),
        "generation": generation.map { .int($0) } ?? .null, "nothingPending": .bool(nothingPending),
      ])
    case .timedOut(let sequence): return notStored(["sequence": .int(Int64(clamping: sequence))], status: 504)
    case .stopped(let sequence): return notStored(["sequence": .int(Int64(clamping: sequence))], status: 503)
    }
  }
}
