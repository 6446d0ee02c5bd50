public import LiveRuntime
public import PersistenceMessages
public import StudioState
import Synchronization
public import VideoOutput

/// The host's health as everyone sees it: `/api/v1/health`, `/healthz`, `/metrics` and the web page read its reports.
///
/// Fed from any thread, read from any thread. The one lock guards one value and is never held while a report is made into
/// text, so that a reader can't hold up the writer, nor the writer a reader.
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

  /// For the writer's thread, in the order in which things happened.
  public func observe(_ observation: PersistenceObservation) {
    notes.withLock { $0.journal.add(observation) }
  }

  /// What the recovery ladder did, when it had to do anything.
  public func setRecovered(from: String, rung: String, lost: [String]) {
    notes.withLock { $0.recovery = RecoveryReport(from: from, rung: rung, lost: lost) }
  }

  /// One answered HTTP request.
  public func countRequest(status: Int) {
    ingress.countRequest(status: status)
  }

  /// The mutations of one batch, which the coordinator performed or refused as a whole. As cheap as an atomic addition for
  /// each of them.
  public func countMutations(_ mutations: [Mutation], isPerformed: Bool) {
    ingress.countMutations(mutations, isPerformed: isPerformed)
  }

  /// Everything now; JSON and metrics are two spellings of it.
  ///
  /// - Parameters:
  ///   - persistence: the writer's condition; nil while there is no writer: the host counts as starting.
  ///   - facts: nil until the store is open.
  ///   - video: nil without an output; likewise `osc` without a server.
  ///   - loss: what the data folder records as lost and not acknowledged; nil when nothing is.
  ///   - valuesOutOfRange: stored values outside their packages' ranges.
  public func report(
    persistence: PersistenceStatus? = nil, facts: StoreFacts? = nil, video: VideoCounters? = nil,
    osc: OSCFigures? = nil, loss: LossRecord? = nil, valuesOutOfRange: [StateRejection] = []
  ) -> HealthReport {
    let notes = notes.withLock { $0 }
    let figures = ingress.figures
    return HealthReport(
      version: version, startedAtUnixMs: startedAtUnixMs, policy: policy, persistence: persistence, facts: facts,
      journal: notes.journal, recovery: notes.recovery, loss: loss, video: video, osc: osc,
      valuesOutOfRange: valuesOutOfRange,
      requests: figures.requests, performed: figures.performed, refused: figures.refused)
  }
}
