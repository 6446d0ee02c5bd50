public import Documents
import LiveRuntime
public import PersistenceMessages
public import StudioState
public import VideoOutput

/// The host's health at one moment. Immutable; its JSON and text are pure functions of it.
public struct HealthReport: Sendable {
  public let version: String
  public let startedAtUnixMs: Int64
  let policy: HealthPolicy
  /// Nil, like the other sources, until the host has been assembled.
  public let persistence: PersistenceStatus?
  public let facts: StoreFacts?
  public let journal: PersistenceJournal
  public let recovery: RecoveryReport?
  /// The loss recorded in the data folder, until it is acknowledged.
  public let loss: LossRecord?
  public let video: VideoCounters?
  public let osc: OSCFigures?
  /// Stored values outside their packages' ranges, each with the value in use.
  public let valuesOutOfRange: [StateRejection]
  /// Values on air that a stop would forget; nil until the runtime is there.
  public let liveValues: Int?
  /// Answered HTTP requests by the first digit of their status, 1 to 5.
  let requests: [UInt64]
  /// Performed mutations by class.
  let performed: [MutationClass: UInt64]
  /// Mutations of refused batches.
  let refused: UInt64

  /// Most values out of range that are listed, so that health stays small.
  private static let valuesShown = 100

  public var isHealthy: Bool { policy.isHealthy(persistence, facts) }
  public var word: HealthWord { policy.word(for: persistence, facts, loss: loss) }

  /// The answer of `GET /health`.
  public var json: JSONValue {
    [
      "status": .string(word.rawValue), "version": .string(version),
      "startedAt": .string(UTCTime.text(unixMilliseconds: startedAtUnixMs)), "persistence": persistenceJSON,
      "video": video.map(Self.json) ?? .null, "osc": osc.map(Self.json) ?? .null,
      "loss": loss.flatMap { $0.isOpen ? $0.json : nil } ?? .null,
      "liveValues": liveValues.map { ["count": .int(Int64($0))] } ?? .null,
      "valuesOutOfRange": .array(
        valuesOutOfRange.prefix(Self.valuesShown).map { ["path": .string($0.path), "problem": .string($0.detail)] }),
    ]
  }

  private static func json(_ video: VideoCounters) -> JSONValue {
    [
      "completed": .count(video.completed), "displayedLate": .count(video.displayedLate),
      "dropped": .count(video.dropped), "flushed": .count(video.flushed), "rendered": .count(video.renderedFrames),
      "worstRenderMs": .double(video.worstRenderTime.inSeconds * 1000),
    ]
  }

  private static func json(_ osc: OSCFigures) -> JSONValue {
    [
      "packets": .count(osc.packets), "messages": .count(osc.messages), "badPackets": .count(osc.badPackets),
      "unmatched": .count(osc.unmatched), "refused": .count(osc.refused), "tooEarly": .count(osc.tooEarly),
    ]
  }
}

// The key `persistence`.
extension HealthReport {
  /// Null until the writer runs.
  private var persistenceJSON: JSONValue {
    guard let persistence else { return .null }
    let storedAt = persistence.lastStoredAtUnixMs.map { JSONValue.string(UTCTime.text(unixMilliseconds: $0)) }
    return [
      "state": .string(persistence.state.rawValue), "unsavedChanges": .bool(persistence.hasUnsaved),
      "unsavedRequests": .count(persistence.unsavedRequests),
      // Always a number, so that an alarm is one comparison.
      "oldestUnsavedAgeMs": .int((persistence.oldestUnsavedAge ?? .zero).wholeMilliseconds),
      "requestedSequence": .count(persistence.requestedSequence),
      "storedSequence": .count(persistence.storedSequence),
      "storedGeneration": .optional(persistence.storedGeneration), "lastStoredAt": storedAt ?? .null,
      "newerRequestPending": .bool(persistence.newerRequestPending),
      "coalescedRequests": .count(persistence.coalescedRequests), "lastError": Self.lastErrorJSON(persistence),
      "recoveredFrom": recovery.map(Self.json) ?? .null, "walBytes": .optional(facts?.walBytes),
      "databaseBytes": .optional(facts?.databaseBytes), "ring": facts.map { Self.json($0.ring) } ?? .null,
      "provenGeneration": .optional(facts?.provenGeneration), "walAlarm": .bool(facts?.isWALAlarming ?? false),
      "walPinnedBy": .array((facts?.walPinnedBy ?? []).map { .string($0) }),
      "heldBack": .array((facts?.heldBack ?? []).map { ["path": .string($0.path), "problem": .string($0.problem)] }),
      "failover": facts?.failover.map { ["folder": .string($0.folder), "cause": Self.json($0.cause)] } ?? .null,
      "storeTrouble": facts?.trouble.map(Self.json) ?? .null,
    ]
  }

  private static func lastErrorJSON(_ persistence: PersistenceStatus) -> JSONValue {
    guard let report = persistence.lastFailure else { return .null }
    return [
      "code": .string(report.failure.code.rawValue), "message": .string(report.failure.message),
      "remedy": .string(report.failure.remedy), "reason": .string(report.request.reason),
      "target": .string(report.request.target.rawValue), "attempts": .int(Int64(report.attempt)),
      "nextRetryInMs": .optional(persistence.nextRetryIn?.wholeMilliseconds),
      "failingForMs": .optional(persistence.failingFor?.wholeMilliseconds),
    ]
  }

  private static func json(_ failure: StoreFailure) -> JSONValue {
    [
      "code": .string(failure.code.rawValue), "message": .string(failure.message),
      "remedy": .string(failure.remedy),
    ]
  }

  private static func json(_ recovery: RecoveryReport) -> JSONValue {
    [
      "from": .string(recovery.from), "rung": .string(recovery.rung),
      "lost": .array(recovery.lost.map { .string($0) }),
    ]
  }

  private static func json(_ ring: StoreFacts.Ring) -> JSONValue {
    [
      "count": .int(Int64(ring.count)), "capacity": .int(Int64(ring.capacity)), "pinned": .int(Int64(ring.pinned)),
      "suspect": .int(Int64(ring.suspect)), "oldest": .optional(ring.oldest), "newest": .optional(ring.newest),
    ]
  }
}

extension JSONValue {
  /// Counters beyond 63 bits are clamped.
  fileprivate static func count(_ number: UInt64) -> JSONValue { .int(Int64(clamping: number)) }

  fileprivate static func optional(_ number: Int64?) -> JSONValue { number.map { .int($0) } ?? .null }
}
