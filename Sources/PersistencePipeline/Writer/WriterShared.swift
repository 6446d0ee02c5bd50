import PersistenceMessages
import Synchronization

/// The values that the worker's thread shares with other threads. Each part has its own guard; none is held across
/// work.
final class WriterShared: Sendable {
  /// Orders to the worker besides requests.
  struct Orders: Sendable {
    var flush = false
    var shutdownDeadline: Duration?
  }

  let gate: RequestGate
  let waitRoom: WaitRoom
  let board: StatusBoard
  let wakeSignal = WakeSignal()
  private let orders = Mutex(Orders())
  private let ending: Mutex<Ending> = Mutex(.open([]))
  private let observer: WriterObserver

  private enum Ending {
    case open([CheckedContinuation<ShutdownOutcome, Never>])
    case ended(ShutdownOutcome)
  }

  init(start: WriterStart, now: Duration, observer: @escaping WriterObserver) {
    gate = RequestGate(stored: start.sequence)
    waitRoom = WaitRoom(stored: start.sequence, generation: start.generation)
    board = StatusBoard(start: start, now: now)
    self.observer = observer
  }

  func observe(_ observation: PersistenceObservation, at now: Duration) {
    observer(observation, status(at: now))
  }

  /// The writer's condition. Never waits for a store.
  ///
  /// - Parameter time: evaluated after the notes are read, so that no time in them is later.
  func status(at time: @autoclosure () -> Duration) -> PersistenceStatus {
    let notes = board.current
    let requested = max(gate.newestSequence, notes.stored)
    let now = time()
    return PersistenceStatus(
      state: PersistenceState(
        isStopped: notes.isStopped, isStoring: notes.isStoring, hasUnsaved: requested > notes.stored,
        isHomeless: notes.facts?.isHomeless ?? false, lastFailure: notes.lastFailure),
      requestedSequence: requested, storedSequence: notes.stored, storedGeneration: notes.generation,
      lastStoredAtUnixMs: notes.lastStoredAtUnixMs,
      // The worker may be blocked by the disk. Requests that it has not seen yet were made after its last poll.
      oldestUnsavedAge: requested > notes.stored ? now - (notes.oldestUnsavedAt ?? notes.lookedAt) : nil,
      newerRequestPending: notes.lastFailure.map { requested > $0.request.sequence } ?? false,
      coalescedRequests: notes.coalescedRequests, lastFailure: notes.lastFailure,
      nextRetryIn: notes.retryAt.map { max(.zero, $0 - now) }, failingFor: notes.failingSince.map { now - $0 })
  }

  func order(_ change: (inout Orders) -> Void) {
    orders.withLock { change(&$0) }
    wakeSignal.wake()
  }

  /// The shutdown's deadline is kept, because a shutdown is not revoked.
  func takeOrders() -> Orders {
    orders.withLock { orders in
      defer { orders.flush = false }
      return orders
    }
  }

  func noteEnded(_ outcome: ShutdownOutcome) {
    let waiting = ending.withLock { ending -> [CheckedContinuation<ShutdownOutcome, Never>] in
      guard case .open(let waiting) = ending else { return [] }
      ending = .ended(outcome)
      return waiting
    }
    for continuation in waiting { continuation.resume(returning: outcome) }
  }

  /// Returns once the worker has ended.
  func ended() async -> ShutdownOutcome {
    await withCheckedContinuation { continuation in
      let outcome = ending.withLock { ending -> ShutdownOutcome? in
        switch ending {
        case .ended(let outcome): return outcome
        case .open(let waiting):
          ending = .open(waiting + [continuation])
          return nil
        }
      }
      if let outcome { continuation.resume(returning: outcome) }
    }
  }
}
