public import Documents
import PersistenceMessages
import SQLiteConnection

/// One line of the list of generations.
public struct GenerationSummary: Sendable, Equatable {
  public var generation: Int64
  public var sequence: UInt64
  /// Wall clock, milliseconds since 1970: a label, never an order.
  public var storedAtUnixMs: Int64
  public var origin: String
  public var reason: String
  public var actor: String
  /// Requests that its store fulfilled.
  public var requests: Int64
  /// How much of what the program counts it holds, such as cues; the documents of a program that counts nothing.
  public var items: Int
  /// Bytes written for it.
  public var bytes: Int64
  public var isKeyframe: Bool
  /// Whether it is the newest.
  public var isCurrent: Bool
  public var isProven: Bool
  public var isSuspect: Bool
  /// The pin's label; nil when it is not pinned.
  public var pin: String?

  /// ISO 8601, UTC.
  public var storedAt: String { UTCTime.text(unixMilliseconds: storedAtUnixMs) }

  /// As in `afterimage list`.
  public var json: JSONValue {
    [
      "id": .int(generation), "sequence": .int(Int64(clamping: sequence)), "storedAt": .string(storedAt),
      "origin": .string(origin), "reason": .string(reason), "actor": .string(actor), "requests": .int(requests),
      "layers": .int(Int64(items)), "bytes": .int(bytes), "keyframe": .bool(isKeyframe), "current": .bool(isCurrent),
      "proven": .bool(isProven), "suspect": .bool(isSuspect), "pinned": pin.map { .string($0) } ?? .null,
    ]
  }

  package init(
    generation: Int64, sequence: UInt64, storedAtUnixMs: Int64, origin: String = "mutation", reason: String = "",
    actor: String = "", isKeyframe: Bool = false, isCurrent: Bool = false, isProven: Bool = false, pin: String? = nil
  ) {
    let record = GenerationRecord(
      generation: generation, sequence: Int64(clamping: sequence), storedAtUnixMs: storedAtUnixMs, origin: origin,
      reason: reason, actor: actor, requests: 1, items: 0, bytes: 0, isKeyframe: isKeyframe)
    self.init(record, [], isCurrent: isCurrent)
    self.isProven = isProven
    self.pin = pin
  }

  init(_ record: GenerationRecord, _ marks: [StoredRows.Mark], isCurrent: Bool) {
    let own = marks.filter { $0.generation == record.generation }
    generation = record.generation
    sequence = UInt64(clamping: record.sequence)
    storedAtUnixMs = record.storedAtUnixMs
    origin = record.origin
    reason = record.reason
    actor = record.actor
    requests = record.requests
    items = Int(clamping: record.items)
    bytes = record.bytes
    isKeyframe = record.isKeyframe
    self.isCurrent = isCurrent
    isProven = own.contains { $0.word == "proven" }
    isSuspect = own.contains { $0.word == "suspect" }
    pin = own.first { $0.word == "pinned" }?.label
  }
}

/// A generation that was read and found valid.
public struct LoadedGeneration: Sendable {
  public var summary: GenerationSummary
  public var source: any DocumentSource

  /// The state; nil when the reader was opened for states of another type.
  public func state<State: DurableState>(as type: State.Type) -> State? {
    (source as? StateDocuments<State>)?.state
  }
}

/// One run of the host, as the database remembers it.
public struct HostRun: Sendable, Equatable {
  public enum Ending: String, Sendable, CaseIterable {
    case running
    /// Ended in order with everything stored.
    case clean
    /// Ended in order with something unsaved.
    case unsaved
    /// It ended without a word.
    case unclean
  }

  public var run: Int64
  public var startedAtUnixMs: Int64
  public var endedAtUnixMs: Int64?
  public var ending: Ending
  /// The generation it started with.
  public var generation: Int64?
  /// When it had lasted for the proving time; nil when it ended before, or has not lasted that long yet.
  public var healthyAtUnixMs: Int64?

  /// Whether the machine ended, and the run with it.
  public var isPowerLoss = false
  /// Under which boot of the machine it began; nil when that is not known, as of all runs but the newest.
  public var boot: String?

  /// Whether it ended without a word before it had proven healthy, crash or power cut; a run that is still marked as
  /// running counts, because the process that asks holds the lock that it would hold.
  var isUnproven: Bool { (ending == .unclean || ending == .running) && healthyAtUnixMs == nil }

  /// Whether it was a crash. The end of the machine is none.
  ///
  /// - Parameter current: the boot of now; nil when the system does not tell.
  public func isCrash(underBoot current: String?) -> Bool {
    guard isUnproven, !isPowerLoss else { return false }
    guard ending == .running, let boot, let current else { return true }
    return boot == current
  }

  public init(
    run: Int64, startedAtUnixMs: Int64, endedAtUnixMs: Int64? = nil, ending: Ending, generation: Int64?,
    healthyAtUnixMs: Int64? = nil
  ) {
    self.run = run
    self.startedAtUnixMs = startedAtUnixMs
    self.endedAtUnixMs = endedAtUnixMs
    self.ending = ending
    self.generation = generation
    self.healthyAtUnixMs = healthyAtUnixMs
  }

  package init(
    run: Int64, startedAtUnixMs: Int64, endedAtUnixMs: Int64? = nil, ending: Ending, generation: Int64? = nil
  ) {
    self.run = run
    self.startedAtUnixMs = startedAtUnixMs
    self.endedAtUnixMs = endedAtUnixMs
    self.ending = ending
    self.generation = generation
  }

  public var json: JSONValue {
    [
      "run": .int(run), "startedAt": .string(UTCTime.text(unixMilliseconds: startedAtUnixMs)),
      "endedAt": endedAtUnixMs.map { .string(UTCTime.text(unixMilliseconds: $0)) } ?? .null,
      "ending": .string(ending.rawValue), "generation": generation.map { .int($0) } ?? .null,
      "healthyAt": healthyAtUnixMs.map { .string(UTCTime.text(unixMilliseconds: $0)) } ?? .null,
      "powerLoss": .bool(isPowerLoss),
    ]
  }

  static func newest(_ limit: Int, _ connection: Connection) throws(SQLiteFailure) -> [HostRun] {
    let statement = try connection.statement(
      """
      SELECT run, started_at_unix_ms, ended_at_unix_ms, ending, generation, healthy_at_unix_ms
      FROM host_run ORDER BY run DESC LIMIT ?1
      """)
    defer { statement.reset() }
    try statement.bind(Int64(limit), at: 1)
    let boots = try RunBoots(connection)
    var runs: [HostRun] = []
    while try statement.step() {
      runs.append(
        HostRun(
          run: statement.integer(0), startedAtUnixMs: statement.integer(1),
          endedAtUnixMs: statement.isNull(2) ? nil : statement.integer(2),
          ending: Ending(rawValue: statement.text(3)) ?? .unclean,
          generation: statement.isNull(4) ? nil : statement.integer(4),
          healthyAtUnixMs: statement.isNull(5) ? nil : statement.integer(5)))
    }
    boots.mark(&runs)
    return runs
  }
}

/// The ring in numbers, as in the view `ring_status`.
public struct RingStatus: Sendable, Equatable {
  public var count: Int
  public var capacity: Int
  public var pinned: Int
  public var oldest: Int64?
  public var newest: Int64?
  /// Bytes of the documents and manifests that are kept.
  public var bytes: Int64
}
