public import Concurrency
public import PersistenceMessages
import Synchronization

/// Something that happened, with the writer's condition right after it.
public typealias WriterObserver = @Sendable (PersistenceObservation, PersistenceStatus) -> Void

/// Owns when and how snapshots reach the store: one thread, a planner and immutable snapshots. It never holds a state of
/// its own making (invariant I3), and nobody who requests a store ever waits for one unless they ask to.
public final class PersistenceWriter<Store: SnapshotStore>: Sendable {
  /// What a process ended with.
  public struct ShutdownReport: Sendable, Equatable {
    public var outcome: ShutdownOutcome
    /// The newest stored generation; nil when there is none.
    public var generation: Int64?
    /// Accepted durable mutations that are not on disk.
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
  ///   - store: from now on used by the worker's thread alone.
  ///   - snapshots: where the runtime publishes; the worker is its only reader.
  ///   - clock: monotonic time.
  ///   - observe: called with everything that happens and the writer's condition right after it, on the worker's thread;
  ///     must return soon.
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

  /// Without a thread: for whoever steps the worker (``makeWorker(policy:start:store:snapshots:random:)``) by hand.
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

  /// Whether somebody has woken the worker since the last call: for whoever steps it by hand.
  package func takeWake() -> Bool { shared.wakeSignal.take() }

  /// Carries the worker to its thread.
  ///
  /// `@unchecked Sendable`: written before the thread starts, taken once by it.
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

// What the rest of the process calls.
extension PersistenceWriter {
  /// The snapshot of this request, or a newer one, is to be stored. Any thread; a few nanoseconds; no lock, no
  /// allocation; a system call only when the request is forced.
  public func request(_ request: borrowing PersistenceRequest) {
    shared.gate.note(request.sequence)
    if request.isForced {
      shared.gate.noteForced()
      shared.wakeSignal.wake()
    }
  }

  /// Waits until `sequence` is durable, at most for `timeout`.
  public func waitUntilStored(_ sequence: UInt64, timeout: Duration) async -> StoreWait {
    await shared.waitRoom.wait(until: sequence) { [sleep] in await sleep(timeout) }
  }

  /// Stores what is pending now, without debounce and without waiting out a retry, and waits for it at most for
  /// `timeout`. With nothing pending it answers at once with the newest generation.
  public func flush(timeout: Duration) async -> StoreWait {
    shared.order { $0.flush = true }
    return await waitUntilStored(shared.gate.newestSequence, timeout: timeout)
  }

  /// Does short work on the store between two stores, waiting at most for `timeout`.
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

  /// Stores what is pending within `budget` and ends the worker. Requests made after this are not stored, so ingress
  /// must have stopped. Returns at most 0.25 s after the budget, also when the disk does not answer.
  public func shutdown(within budget: Duration) async -> ShutdownReport {
    let deadline = clock() + budget
    shared.order { $0.shutdownDeadline = $0.shutdownDeadline ?? deadline }
    let outcome = await withTaskGroup(of: ShutdownOutcome?.self) { group in
      group.addTask { [shared] in await shared.ended() }
      group.addTask { [sleep] in
        // A worker that is not stuck in a call to the disk ends by itself at the deadline and says how.
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

  /// The writer's condition now. Never waits for a store.
  public func status() -> PersistenceStatus { shared.status(at: clock()) }

  /// Sizes and counts of the store as of its last use.
  public var facts: StoreFacts? { shared.board.current.facts }
}
