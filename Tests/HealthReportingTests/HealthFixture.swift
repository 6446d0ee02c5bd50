import HealthReporting
import PersistenceMessages
import VideoOutput

func request(_ sequence: UInt64) -> PersistenceRequest {
  PersistenceRequest(target: .runtimeState, reason: "parameter.set", actor: "http", sequence: sequence)
}

func failure(
  _ code: StoreFailure.Code, attempt: Int = 1, retryIn: Duration? = .milliseconds(250)
) -> PersistenceObservation.FailureReport {
  PersistenceObservation.FailureReport(
    failure: StoreFailure(code, "no space left on /data", remedy: "Free space."), request: request(7),
    attempt: attempt, retryIn: retryIn, newerRequestPending: true)
}

func stored(
  _ generation: Int64, bytes: Int = 100, took duration: Duration, isKeyframe: Bool = false
) -> PersistenceObservation {
  .stored(
    .init(
      stored: StoredGeneration(
        generation: generation, sequence: 5, bytes: bytes, storedAtUnixMs: 0, isKeyframe: isKeyframe),
      request: request(5), requests: 1, duration: duration))
}

func status(
  _ state: PersistenceState, unsaved: UInt64 = 0, age: Duration? = nil,
  lastFailure: PersistenceObservation.FailureReport? = nil, nextRetryIn: Duration? = nil, failingFor: Duration? = nil
) -> PersistenceStatus {
  PersistenceStatus(
    state: state, requestedSequence: 9 + unsaved, storedSequence: 9, storedGeneration: 4,
    lastStoredAtUnixMs: 1_784_021_400_250, oldestUnsavedAge: age, newerRequestPending: lastFailure != nil,
    coalescedRequests: 12, lastFailure: lastFailure, nextRetryIn: nextRetryIn,
    failingFor: failingFor)
}

let facts = StoreFacts(
  walBytes: 4096, databaseBytes: 65_536, ring: .init(count: 5, capacity: 64, pinned: 1, oldest: 2, newest: 6),
  provenGeneration: 3)

func telemetry() -> HealthTelemetry {
  HealthTelemetry(version: "0.1.0", startedAtUnixMs: 1_784_021_400_000, policy: HealthPolicy(maxDelay: .seconds(2)))
}

/// - Parameter persistence: nil for a host that is starting.
func report(
  _ persistence: PersistenceStatus? = nil, facts: StoreFacts? = facts, of telemetry: HealthTelemetry = telemetry()
) -> HealthReport {
  guard let persistence else { return telemetry.report() }
  var video = VideoCounters()
  (video.completed, video.displayedLate, video.dropped, video.renderedFrames) = (100, 2, 1, 103)
  return telemetry.report(
    persistence: persistence, facts: facts, video: video,
    osc: OSCFigures(packets: 50, messages: 60, badPackets: 3, unmatched: 4, refused: 5, tooEarly: 6))
}
