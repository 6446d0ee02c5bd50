import Documents
import PersistenceMessages
import StudioState

extension PersistenceObservation {
  /// The event's name and data in journal and event streams; nil when the observation is not an event of its own.
  func line(status: PersistenceStatus) -> (event: String, data: JSONValue)? {
    switch self {
    case .storing: nil
    case .stored(let report):
      (
        "persistence.stored",
        [
          "generation": .int(report.stored.generation), "sequence": .int(Int64(clamping: report.stored.sequence)),
          "requests": .int(Int64(clamping: report.requests)), "reason": .string(report.request.reason),
          "bytes": .int(Int64(report.stored.bytes)), "durationMs": .double(report.duration / .milliseconds(1)),
          "keyframe": .bool(report.stored.isKeyframe),
        ]
      )
    case .failed(let report):
      (
        "persistence.failed",
        [
          "code": .string(report.failure.code.rawValue), "message": .string(report.failure.message),
          "remedy": .string(report.failure.remedy), "reason": .string(report.request.reason),
          "target": .string(report.request.target.rawValue),
          "sequence": .int(Int64(clamping: report.request.sequence)),
          "newerRequestPending": .bool(report.newerRequestPending), "attempt": .int(Int64(report.attempt)),
          "retryInMs": report.retryIn.map { .int(Int64($0 / .milliseconds(1))) } ?? .null,
          "unsaved": .int(Int64(clamping: status.unsavedRequests)),
        ]
      )
    case .recovered(let attempts, let outage):
      (
        "persistence.recovered",
        ["afterAttempts": .int(Int64(attempts)), "outageMs": .int(Int64(outage / .milliseconds(1)))]
      )
    case .stopped(let outcome, let closeFailure):
      closeFailure.map { failure in
        (
          "persistence.closeFailed",
          [
            "flush": .string(outcome.rawValue), "code": .string(failure.code.rawValue),
            "message": .string(failure.description),
          ]
        )
      }
    }
  }
}
