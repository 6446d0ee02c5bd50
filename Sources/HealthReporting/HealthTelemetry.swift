public import PersistenceMessages
public import StudioState
import Synchronization

/// The host's health as everyone sees it: `/api/v1/health`, `/healthz`, `/metrics`, the web page and OSC read it here.
///
/// Fed from any thread, read from any thread. The one lock guards one value and is never held while a source is asked
/// or text is made, so that a reader can't hold up the writer, nor the writer a reader.
public final class HealthTelemetry: Sendable {
  /// Where the figures that others own come from. Each is called at every reading, on the reader's thread, and must not
  /// wait for a disk.
  public struct Sources: Sendable {
    public var persistence: @Sendable () -> PersistenceStatus
    /// Nil until the store is open.
    public var facts: @Sendable () -> StoreFacts?
    public var video: @Sendable () -> VideoFigures
    public var osc: @Sendable () -> OSCFigures

    public init(
      persistence: @escaping @Sendable () -> PersistenceStatus, facts: @escaping @Sendable () -> StoreFacts?,
      video: @escaping @Sendable () -> VideoFigures, osc: @escaping @Sendable () -> OSCFigures
    ) {
      self.persistence = persistence
      self.facts = facts
      self.video = video
      self.osc = osc
    }
  }

  private struct Notes: Sendable {
    var sources: Sources?
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

  /// From now on the figures come from `sources`; until then the host counts as starting. Apart from `init` because the
  /// writer reports here and is itself one of the sources.
  public func install(_ sources: Sources) {
    notes.withLock { $0.sources = sources }
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

  public func countMutations(_ fate: MutationFate, _ number: Int = 1) {
    ingress.countMutations(fate, UInt64(clamping: number))
  }

  /// Everything as of now; JSON and metrics are two spellings of it.
  public func report() -> HealthReport {
    let notes = notes.withLock { $0 }
    let figures = ingress.figures
    return HealthReport(
      version: version, startedAtUnixMs: startedAtUnixMs, policy: policy, persistence: notes.sources?.persistence(),
      facts: notes.sources?.facts(), journal: notes.journal, recovery: notes.recovery,
      video: notes.sources?.video(), osc: notes.sources?.osc(), requests: figures.requests,
      mutations: figures.mutations)
  }

  /// The body of `/api/v1/health`.
  public var healthJSON: JSONValue { report().json }

  /// The body of `/metrics`.
  public var prometheusText: String { report().prometheusText }

  /// Whether `/healthz` answers 200 and not 503.
  public var isHealthy: Bool { report().isHealthy }
}
