import PersistenceMessages
import Synchronization

/// What the worker's thread and everybody else share: each part has its own guard, none is held across work.
final class WriterShared: Sendable {
  /// What the worker is told to do besides storing what is requested.
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
  private let observer: @Sendable (PersistenceObservation) -> Void

  private enum Ending {
    case open([CheckedContinuation<ShutdownOutcome, Never>])
    case ended(ShutdownOutcome)
  }

  init(start: WriterStart, now: Duration, observer: @escaping @Sendable (PersistenceObservation) -> Void) {
    gate = RequestGate(stored: start.sequence)
    waitRoom = WaitRoom(stored: start.sequence, generation: start.generation)
    board = StatusBoard(start: start, now: now)
    self.observer = observer
  }

  func observe(_ observation: PersistenceObservation) {
    observer(observation)
  }

  func order(_ change: (inout Orders) -> Void) {
    orders.withLock { change(&$0) }
    wakeSignal.wake()
  }

  /// The shutdown's deadline stays: it is an order for good.
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
