public import Concurrency
public import PersistenceMessages
public import RenderSnapshots
public import StudioState
import Synchronization

/// Owns the durable state (invariant I3) and decides what becomes of every mutation: whether it is valid, what it changes,
/// and whether it requests persistence (I4). It never touches a disk, and a mutation costs the same for every size of the
/// show (I1). When and how the state reaches the disk is the writer's business.
///
/// One lock around one value. It is held for the microsecond that a mutation takes, and never by render, output or the
/// writer. Any thread may call.
public final class RuntimeCoordinator: Sendable {
  private let snapshots: LatestValueMailbox<PersistenceSnapshot>
  private let events: RuntimeEventBus
  private let publisher: RenderSnapshotPublisher
  private let requestPersistence: @Sendable (PersistenceRequest) -> Void
  private let session: Mutex<Session>

  private struct Session {
    /// The durable state, with the live values over it.
    var draft: MutationDraft
    /// Grows by one with every durable mutation.
    var sequence: UInt64
    /// Durable mutations accepted by this process.
    var requestCount: UInt64 = 0
    var isAccepting = true
    /// Render snapshots published so far.
    var publications: UInt64 = 0
  }

  /// - Parameters:
  ///   - state: the durable state to begin with.
  ///   - sequence: the highest sequence ever given to this show; the next durable mutation gets the one after it.
  ///   - snapshots: where the newest durable state is published. The writer is the only reader and takes no lock, so it
  ///     can't hold up a mutation.
  ///   - requestPersistence: called for every persistence request, after its snapshot was published. It runs on the
  ///     mutating thread, so it must be as cheap as `PersistenceWriter.request`.
  public init(
    state: StudioState, sequence: UInt64, snapshots: LatestValueMailbox<PersistenceSnapshot>,
    publisher: RenderSnapshotPublisher, events: RuntimeEventBus,
    requestPersistence: @escaping @Sendable (PersistenceRequest) -> Void
  ) {
    self.snapshots = snapshots
    self.events = events
    self.publisher = publisher
    self.requestPersistence = requestPersistence
    session = Mutex(Session(draft: MutationDraft(state: state), sequence: sequence))
    session.withLock { publish(&$0) }
  }

  /// Performs all of `mutations` as one, or none of them, with at most one persistence request.
  ///
  /// - Parameters:
  ///   - actor: where they came from, such as `http` or `osc:127.0.0.1:50123`.
  ///   - isForced: store at once instead of after the debounce.
  ///   - now: monotonic time, for settling.
  /// - Throws: why the first one that can't be performed was refused; nothing has changed then.
  @discardableResult
  public func perform(
    _ mutations: [Mutation], actor: String, isForced: Bool = false, now: Duration
  ) throws(MutationRejection) -> RuntimeCoordinatorResult {
    let outcome = session.withLock { session -> Result<RuntimeCoordinatorResult, MutationRejection> in
      guard session.isAccepting else { return .failure(.shuttingDown) }
      var draft = session.draft
      do throws(MutationRejection) {
        for mutation in mutations { try draft.apply(mutation, at: now) }
      } catch {
        return .failure(error)
      }
      return .success(
        adopt(draft, in: &session) { sequence in
          PersistenceRequest(performing: mutations, actor: actor, isForced: isForced, sequence: sequence)
        })
    }
    let result = try outcome.get()
    if let request = result.persistenceRequest { requestPersistence(request) }
    events.publishMutation(mutations, actor: actor, result: result)
    return result
  }

  /// Lets live values that have been quiet long enough settle: into the session, or, if the config says so, into the
  /// durable state. Called every few frames.
  public func settle(now: Duration) {
    let (result, count) = session.withLock { session -> (RuntimeCoordinatorResult?, Int) in
      guard session.isAccepting, !session.draft.transient.isEmpty else { return (nil, 0) }
      var draft = session.draft
      let layers = draft.settle(at: now)
      guard !layers.isEmpty else { return (nil, 0) }
      if draft.state.config.oscSettledValues == .durable { draft.makeDurable(layers) }
      let result = adopt(draft, in: &session) { sequence in
        PersistenceRequest(target: .runtimeState, reason: "live.settle", actor: "osc", sequence: sequence)
      }
      return (result, layers.count)
    }
    guard let result else { return }
    if let request = result.persistenceRequest { requestPersistence(request) }
    events.publishSettling(layers: count, result: result)
  }

  /// Refuses every later mutation with `stopped`: the first step of a shutdown.
  public func stopAccepting() {
    session.withLock { $0.isAccepting = false }
  }

  /// The state of this moment. Constant time; what it returns can be kept.
  public func view() -> RuntimeView {
    session.withLock { session in
      RuntimeView(
        sequence: session.sequence, durable: session.draft.state, committed: session.draft.committed,
        transient: session.draft.transient, effective: session.draft.effective,
        outOfRange: session.draft.outOfRange)
    }
  }

  /// Makes a draft the session's: commits it when something durable changed, and publishes what render sees.
  private func adopt(
    _ tried: consuming MutationDraft, in session: inout Session, request: (_ sequence: UInt64) -> PersistenceRequest
  ) -> RuntimeCoordinatorResult {
    tried.refreshEffective()
    let isDurable = tried.isDurableChanged
    tried.isDurableChanged = false
    session.draft = tried
    let made = isDurable ? commit(&session, request: request) : nil
    publish(&session)
    return RuntimeCoordinatorResult(sequence: session.sequence, persistenceRequest: made)
  }

  /// Gives the durable state the next sequence and publishes it for the writer.
  private func commit(
    _ session: inout Session, request make: (_ sequence: UInt64) -> PersistenceRequest
  ) -> PersistenceRequest {
    session.sequence += 1
    session.requestCount += 1
    let request = make(session.sequence)
    snapshots.publish(
      PersistenceSnapshot(state: session.draft.state, request: request, requestCount: session.requestCount))
    return request
  }

  private func publish(_ session: inout Session) {
    session.publications += 1
    publisher.publish(
      RenderSnapshot(
        number: session.publications, sequence: session.sequence, layers: session.draft.effective,
        config: session.draft.state.config,
        local: RenderLocalValues(identifiesOutput: session.draft.identifiesOutput)))
  }
}

extension PersistenceRequest {
  /// The one request of a batch: named after its durable mutations, with the origin and target of the first of them.
  fileprivate init(performing mutations: [Mutation], actor: String, isForced: Bool, sequence: UInt64) {
    var reason: String?
    var first: Mutation?
    for mutation in mutations where mutation.mutationClass == .durable {
      let name = mutation.actionName
      reason = reason == nil || reason == name ? name : "bundle"
      first = first ?? mutation
    }
    self.init(
      target: first?.target ?? .runtimeState, reason: reason ?? "bundle", actor: actor,
      origin: first?.origin ?? .mutation, isForced: isForced, sequence: sequence)
  }
}

extension MutationRejection {
  fileprivate static var shuttingDown: MutationRejection {
    MutationRejection(.stopped, at: "", "the host is shutting down and accepts no more changes")
  }
}
