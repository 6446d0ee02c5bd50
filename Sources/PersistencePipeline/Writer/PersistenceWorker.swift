import Concurrency
import PersistenceMessages

/// The steps of the writer's thread. The planner makes all decisions; the worker carries them out. A step reads no
/// clock and never sleeps, so the same code runs on the real thread and in the simulation.
///
/// Not shared: one thread at a time.
package final class PersistenceWorker<Store: SnapshotStore> {
  package enum Step: Equatable {
    /// Nothing to do until this time, unless the worker is woken earlier.
    case sleep(until: Duration)
    /// Call again at once.
    case again
    case ended
  }

  /// The interval at which the worker polls for requests. It costs 0.2 % of a core and saves every mutation the 7 to 18
  /// µs of waking a thread (docs/decisions/0002); the debounce may take one interval longer.
  package static var pollInterval: Duration { .milliseconds(25) }
  /// Pause between two calls of `rest` on the store.
  static var restInterval: Duration { .seconds(1) }

  private let shared: WriterShared
  private let jobs: MaintenanceQueue<Store>
  private let store: Store
  private let clock: @Sendable () -> Duration
  private var planner: PersistencePlanner
  private var reader: LatestValueReader<PersistenceSnapshot>
  private var random: any RandomNumberGenerator
  /// The number of requests up to the stored snapshot.
  private var storedRequestCount: UInt64 = 0
  /// The time of the last poll: requests found by the next one are more recent.
  private var lastLookAt: Duration
  private var lastStoreAt: Duration
  private var lastRestAt: Duration
  private var failingSince: Duration?

  init(
    shared: WriterShared, jobs: MaintenanceQueue<Store>, store: Store, planner: PersistencePlanner,
    reader: consuming LatestValueReader<PersistenceSnapshot>, clock: @escaping @Sendable () -> Duration,
    random: any RandomNumberGenerator
  ) {
    self.shared = shared
    self.jobs = jobs
    self.store = store
    self.clock = clock
    self.planner = planner
    self.reader = reader
    self.random = random
    let now = clock()
    lastLookAt = now
    lastStoreAt = now
    lastRestAt = now
    shared.board.note(facts: store.facts)
  }

  package func step() -> Step {
    let now = clock()
    lookForRequests(now)
    let pending = jobs.takeAll()
    for job in pending { job.run(on: store) }
    if !pending.isEmpty { noteFacts() }
    switch planner.nextAction(at: now) {
    case .store:
      storeNewest(now)
      return .again
    case .finish(let outcome):
      finish(outcome, at: now)
      return .ended
    case .wait(let until):
      rest(now)
      let poll = now + Self.pollInterval
      return .sleep(until: min(until ?? poll, poll))
    }
  }

  private func lookForRequests(_ now: Duration) {
    // Orders and flag are read first: they concern requests made before them, which the same poll must see. Requests
    // made in between are found, with their flag or order, by the next poll.
    let orders = shared.takeOrders()
    let isForced = shared.gate.takeForced()
    if orders.shutdownDeadline != nil { requestWhatIsPublished() }
    let newest = shared.gate.newestSequence
    planner.noteRequests(upTo: newest, isForced: isForced, earliest: lastLookAt, latest: now)
    lastLookAt = now
    if orders.flush { planner.noteFlush(at: now) }
    if let deadline = orders.shutdownDeadline { planner.noteShutdown(at: now, deadline: deadline) }
    shared.board.noteLook(at: now, oldestUnsavedAt: planner.oldestUnsavedAt)
  }

  /// A shutdown stores published snapshots, not only requested ones: a mutation is accepted once its snapshot is
  /// published, and its thread may have been interrupted before it made the request.
  private func requestWhatIsPublished() {
    if let snapshot = reader.newest() { shared.gate.note(snapshot.sequence) }
  }

  private func storeNewest(_ start: Duration) {
    guard let snapshot = reader.newest(), snapshot.sequence >= planner.requested else {
      return noteFailure(.missingSnapshot(planner.requested), request: nil, at: start)
    }
    shared.board.noteStoring(true)
    shared.observe(.storing(sequence: snapshot.sequence), at: start)
    let requests = snapshot.requestCount - storedRequestCount
    do throws(StoreFailure) {
      let stored = try store.store(snapshot, requests: requests)
      noteStored(stored, snapshot, requests: requests, start: start)
    } catch {
      noteFailure(error, request: snapshot.request, at: clock())
    }
    shared.board.noteStoring(false)
  }

  private func noteStored(
    _ stored: StoredGeneration, _ snapshot: PersistenceSnapshot, requests: UInt64, start: Duration
  ) {
    let now = clock()
    let attempts = planner.failedAttempts
    storedRequestCount = snapshot.requestCount
    lastStoreAt = now
    planner.noteStored(sequence: snapshot.sequence)
    shared.board.noteStored(stored, requests: requests, oldestUnsavedAt: planner.oldestUnsavedAt, facts: store.facts)
    shared.observe(
      .stored(.init(stored: stored, request: snapshot.request, requests: requests, duration: now - start)), at: now)
    if let since = failingSince {
      shared.observe(.recovered(afterAttempts: attempts, outage: now - since), at: now)
      failingSince = nil
    }
    // Last, so that health and journal already show the store when the waiters resume.
    shared.waitRoom.noteStored(snapshot.sequence, generation: stored.generation)
  }

  private func noteFailure(_ failure: StoreFailure, request: PersistenceRequest?, at now: Duration) {
    let since = failingSince ?? now
    failingSince = since
    let retryIn = planner.noteFailure(failure, at: now, random: Double.random(in: 0..<1, using: &random))
    let newest = shared.gate.newestSequence
    let request =
      request ?? PersistenceRequest(target: .runtimeState, reason: "unknown", actor: "unknown", sequence: newest)
    let report = PersistenceObservation.FailureReport(
      failure: failure, request: request, attempt: planner.failedAttempts, retryIn: retryIn,
      newerRequestPending: newest > request.sequence)
    shared.board.noteFailure(report, since: since, retryAt: planner.retryAt, facts: store.facts)
    shared.observe(.failed(report), at: now)
  }

  private func rest(_ now: Duration) {
    guard now - lastRestAt >= Self.restInterval else { return }
    lastRestAt = now
    store.rest(idleFor: now - lastStoreAt)
    noteFacts()
  }

  private func noteFacts() {
    let facts = store.facts
    shared.board.note(facts: facts)
    guard let stored = facts.stored, stored.sequence == planner.stored else { return }
    shared.waitRoom.noteStored(stored.sequence, generation: stored.generation)
  }

  private func finish(_ outcome: ShutdownOutcome, at now: Duration) {
    jobs.end()
    var closeFailure: StoreFailure?
    do throws(StoreFailure) {
      try store.close()
    } catch {
      // Nothing is lost: acknowledged generations are in the log, which the next start reads.
      closeFailure = error
    }
    shared.board.noteStopped()
    shared.observe(.stopped(outcome, closeFailure: closeFailure), at: now)
    shared.waitRoom.end()
    shared.noteEnded(outcome)
  }
}

extension StoreFailure {
  /// The runtime publishes a snapshot before it requests its storing, so a missing snapshot is a bug.
  fileprivate static func missingSnapshot(_ sequence: UInt64) -> StoreFailure {
    StoreFailure(
      .invariant, "Sequence \(sequence) was requested, but the runtime published no snapshot of it",
      remedy: "Export the state over HTTP (GET /api/v1/state), restart the host and report this as a bug")
  }
}
