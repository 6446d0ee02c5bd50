import Concurrency
import Synchronization

/// Short work on the store that is no store, such as setting a pin: done by the worker between two stores, because one
/// connection of one thread does all writing (invariant I9).
final class MaintenanceQueue<Store: SnapshotStore>: Sendable {
  /// Jobs that wait at most.
  static var capacity: Int { 16 }

  typealias Work = @Sendable (Store) -> Void

  private struct Queue {
    var jobs = BoundedQueue<Job>(capacity: MaintenanceQueue.capacity, whenFull: .refuse)
    var isEnded = false
  }

  private let queue = Mutex(Queue())

  /// One job. It is either run or abandoned, never both.
  final class Job: Sendable {
    private enum Fate { case open, decided }
    private let fate = Mutex(Fate.open)
    private let work: Work
    private let abandoned: @Sendable (MaintenanceFailure) -> Void

    init(work: @escaping Work, abandoned: @escaping @Sendable (MaintenanceFailure) -> Void) {
      self.work = work
      self.abandoned = abandoned
    }

    func run(on store: Store) {
      if decide() { work(store) }
    }

    func abandon(_ problem: MaintenanceFailure) {
      if decide() { abandoned(problem) }
    }

    private func decide() -> Bool {
      fate.withLock { fate in
        defer { fate = .decided }
        return fate == .open
      }
    }
  }

  /// Nil when the job was taken in.
  func append(_ job: Job) -> MaintenanceFailure? {
    queue.withLock { queue in
      if queue.isEnded { return .stopped }
      return queue.jobs.append(job) ? nil : .busy
    }
  }

  func takeAll() -> [Job] {
    queue.withLock { $0.jobs.drain().elements }
  }

  /// Abandons what waits and refuses what comes.
  func end() {
    let left = queue.withLock { queue in
      queue.isEnded = true
      return queue.jobs.drain().elements
    }
    for job in left { job.abandon(.stopped) }
  }
}

/// Why a maintenance job was not done. Nothing has changed then.
public enum MaintenanceFailure: Error, Sendable, Equatable {
  /// Too many jobs wait, or the worker was busy with a slow store for too long.
  case busy
  case stopped
}
