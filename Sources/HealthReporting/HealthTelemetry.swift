public import LiveRuntime
public import PersistenceMessages
public import StudioState
import Synchronization
public import VideoOutput

/// Collects the figures of the host's health. `/api/v1/health`, `/healthz`, `/metrics` and the web page use its
/// reports.
///
/// Any thread may add and read figures. The one lock guards one value and is never held while a report is formatted, so
/// that readers and the writer can't block each other.
public final class HealthTelemetry: Sendable {
  private struct Notes: Sendable {
    var journal = PersistenceJournal()
    var recovery: RecoveryReport?
  }

  private let version: String
  private let startedAtUnixMs: Int64
  private let policy: HealthPolicy
  private let notes = Mutex(Notes())
  private let ingress = IngressCounters()

  /// - Parameters:
  ///   - version: the program's.
  ///   - startedAtUnixMs: wall clock, milliseconds since 1970.
  public init(version: String, startedAtUnixMs: Int64, policy: HealthPolicy) {
    self.version = version
    self.startedAtUnixMs = startedAtUnixMs
    self.policy = policy
  }

  /// Adds an event of the writer. Called on the writer's thread, in the order of the events.
  public func observe(_ observation: PersistenceObservation) {
    notes.withLock { $0.journal.add(observation) }
  }

  /// Records the result of the recovery ladder, if the start did not use the newest generation.
  public func setRecovered(from: String, rung: String, lost: [String]) {
    notes.withLock { $0.recovery = RecoveryReport(from: from, rung: rung, lost: lost) }
  }

  /// Counts one answered HTTP request.
  public func countRequest(status: Int) {
    ingress.countRequest(status: status)
  }

  /// Counts the mutations of one batch, which the coordinator performed or refused as a whole. One atomic addition per
  /// mutation.
  public func countMutations(_ mutations: [Mutation], isPerformed: Bool) {
    ingress.countMutations(mutations, isPerformed: isPerformed)
  }

  /// All figures at this moment. JSON and metrics are two forms of the report.
  ///
  /// - Parameters:
  ///   - persistence: the writer's condition; nil while there is no writer, and the host is `starting`.
  ///   - facts: nil until the store is open.
  ///   - video: nil without an output; likewise `osc` without a server.
  ///   - loss: the loss in the data folder that is not acknowledged; nil if there is none.
  ///   - valuesOutOfRange: stored values outside their packages' ranges.
  ///   - liveValues: how many values are on air that are not part of the show.
  public func report(
    persistence: PersistenceStatus? = nil, facts: StoreFacts? = nil, video: VideoCounters? = nil,
    osc: OSCFigures? = nil, loss: LossRecord? = nil, valuesOutOfRange: [StateRejection] = [],
    liveValues: Int? = nil
  ) -> HealthReport {
    let notes = notes.withLock { $0 }
    let figures = ingress.figures
    return HealthReport(
      version: version, startedAtUnixMs: startedAtUnixMs, policy: policy, persistence: persistence, facts: facts,
      journal: notes.journal, recovery: notes.recovery, loss: loss, video: video, osc: osc,
      valuesOutOfRange: valuesOutOfRange, liveValues: liveValues,
      requests: figures.requests, performed: figures.performed, refused: figures.refused)
  }
}
