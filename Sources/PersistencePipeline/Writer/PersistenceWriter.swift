public import Concurrency
public import PersistenceMessages
import Synchronization

/// Receives an event of the writer, and the writer's condition immediately after it.
public typealias WriterObserver = @Sendable (PersistenceObservation, PersistenceStatus) -> Void

/// Decides when and how snapshots reach the store, with one thread, a planner and immutable snapshots. It never creates
/// a state of its own (invariant I3), and a request waits for its store only if the caller asks for it.
public final class PersistenceWriter<Store: SnapshotStore>: Sendable {
  /// The result of a shutdown.
  public struct ShutdownReport: Sendable, Equatable {
    public var outcome: ShutdownOutcome
    /// The newest stored generation; nil if there is none.
    public var generation: Int64?
    /// The number of accepted durable mutations that are not on disk.
    public var unsavedRequests: UInt64
  }

  public typealias Start = WriterStart

  private let shared: WriterShared
  private let jobs = MaintenanceQueue<Store>()
  private let clock: @Sendable () -> Duration
  private let sleep: @Sendable (Duration) async -> Void

  /// Starts the worker's thread.
  ///
  /// - Parameters:
  ///   - store: used only by the worker's thread from now on.
  ///   - snapshots: the mailbox in which the runtime publishes; the worker is its only reader.
  ///   - clock: monotonic time.
  ///   - observe: called with each event and the writer's condition immediately after it, on the worker's thread; must
  ///     return quickly.
  public convenience init(
    policy: PersistencePolicy, start: Start, store: sending Store,
    snapshots: LatestValueMailbox<PersistenceSnapshot>, clock: @escaping @Sendable () -> Duration,
    observe: @escaping WriterObserver
  ) {
    self.init(start: start, clock: clock, sleep: { try? await Task.sleep(for: $0) }, observe: observe)
    let handover = Handover(
      worker: makeWorker(
        policy: policy, start: start, store: store, snapshots: snapshots, random: SystemRandomNumberGenerator()))
    let shared = shared
    _ = WorkerThread(name: "persistence") {
      let worker = handover.take()
      while true {
        switch worker.step() {
        case .again: continue
        case .ended: return
        case .sleep(let until): shared.wakeSignal.sleep(atMost: until - clock())
        }
      }
    }
  }

  /// Creates a writer without a thread, for callers that step the worker themselves
  /// (``makeWorker(policy:start:store:snapshots:random:)``).
  package init(
    start: Start, clock: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async -> Void,
    observe: @escaping WriterObserver
  ) {
    self.clock = clock
    self.sleep = sleep
    shared = WriterShared(start: start, now: clock(), observer: observe)
  }

  package func makeWorker(
    policy: PersistencePolicy, start: Start, store: Store, snapshots: LatestValueMailbox<PersistenceSnapshot>,
    random: any RandomNumberGenerator
  ) -> PersistenceWorker<Store> {
    PersistenceWorker(
      shared: shared, jobs: jobs, store: store,
      planner: PersistencePlanner(policy: policy, stored: start.sequence),
      reader: LatestValueReader(snapshots), clock: clock, random: random)
  }

  /// Whether the worker was woken since the last call; for callers that step it themselves.
  package func takeWake() -> Bool { shared.wakeSignal.take() }

  /// Passes the worker to its thread.
  ///
  /// `@unchecked Sendable`: written before the thread starts, taken once by that thread.
  private final class Handover: @unchecked Sendable {
    private var worker: PersistenceWorker<Store>?

    init(worker: PersistenceWorker<Store>) { self.worker = worker }

    func take() -> PersistenceWorker<Store> {
      guard let worker else { preconditionFailure("the worker is handed over once") }
      self.worker = nil
      return worker
    }
  }
}

// The interface for the rest of the process.
extension PersistenceWriter {
  /// Requests that the snapshot of this request, or a newer one, be stored. Any thread; a few nanoseconds; no lock, no
  /// allocation; a system call only if the request is forced.
  public func request(_ request: borrowing PersistenceRequest) {
    shared.gate.note(request.sequence)
    if request.isForced {
      shared.gate.noteForced()
      shared.wakeSignal.wake()
    }
  }

  /// Waits until `sequence` is durable, for at most `timeout`.
  public func waitUntilStored(_ sequence: UInt64, timeout: Duration) async -> StoreWait {
    await shared.waitRoom.wait(until: sequence) { [sleep] in await sleep(timeout) }
  }

  /// Stores pending requests at once, without the debounce and without the wait of a retry, and waits for at most
  /// `timeout`. If nothing is pending, returns at once with the newest generation.
  public func flush(timeout: Duration) async -> StoreWait {
    shared.order { $0.flush = true }
    return await waitUntilStored(shared.gate.newestSequence, timeout: timeout)
  }

  /// Runs short work on the store between two stores, and waits for at most `timeout`.
  public func maintain<Result: Sendable>(
    timeout: Duration, _ work: @escaping @Sendable (Store) -> Result
  ) async throws(MaintenanceFailure) -> Result {
    let outcome = await withTaskGroup(of: Void.self) { group in
      let outcome: Swift.Result<Result, MaintenanceFailure> = await withCheckedContinuation { continuation in
        let job = MaintenanceQueue<Store>.Job(
          work: { continuation.resume(returning: .success(work($0))) },
          abandoned: { continuation.resume(returning: .failure($0)) })
        if let problem = jobs.append(job) { return job.abandon(problem) }
        shared.wakeSignal.wake()
        group.addTask { [sleep] in
          await sleep(timeout)
          job.abandon(.busy)
        }
      }
      group.cancelAll()
      return outcome
    }
    return try outcome.get()
  }

  /// Stores pending requests within `budget` and ends the worker. Later requests are not stored, so ingress must have
  /// stopped. Returns at most 0.25 s after the budget, even if the disk does not answer.
  public func shutdown(within budget: Duration) async -> ShutdownReport {
    let deadline = clock() + budget
    shared.order { $0.shutdownDeadline = $0.shutdownDeadline ?? deadline }
    let outcome = await withTaskGroup(of: ShutdownOutcome?.self) { group in
      group.addTask { [shared] in await shared.ended() }
      group.addTask { [sleep] in
        // A worker that is not blocked in a call to the disk ends by itself at the deadline and reports its outcome.
        await sleep(budget + .milliseconds(250))
        return nil
      }
      let first = await group.next() ?? nil
      if first == nil { shared.noteEnded(.timedOut) }
      group.cancelAll()
      return first ?? .timedOut
    }
    let status = shared.board.current
    return ShutdownReport(
      outcome: outcome, generation: status.generation,
      unsavedRequests: max(shared.gate.newestSequence, status.stored) - status.stored)
  }

  /// The writer's current condition. Never waits for a store.
  public func status() -> PersistenceStatus { shared.status(at: clock()) }

  /// Sizes and counts of the store after its last use.
  public var facts: StoreFacts? { shared.board.current.facts }
}
