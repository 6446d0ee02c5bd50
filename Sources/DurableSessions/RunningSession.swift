public import Concurrency
import DurableFiles
import GenerationStore
public import PersistenceMessages
public import PersistencePipeline
import Synchronization

/// How a session ended, and what is not on disk.
public typealias SessionEnd = PersistenceWriter<SessionStore>.ShutdownReport

extension OpenedSession {
  /// Starts the writer. Nothing is stored before the program requests it.
  ///
  /// - Parameter snapshots: where the program publishes its state; the writer is its only reader.
  public consuming func start(snapshots: LatestValueMailbox<PersistenceSnapshot>) -> RunningSession {
    guard let store = store.withLock({ $0.take() }) else { preconditionFailure("the writer is started once") }
    let writer = PersistenceWriter(
      policy: PersistencePolicy(debounce: options.debounce, maxDelay: options.maxDelay),
      start: .init(
        sequence: restoration.sequence, generation: restoration.generation, storedAtUnixMs: restoration.storedAtUnixMs),
      store: store, snapshots: snapshots, clock: options.time.uptime,
      observe: options.observe)
    return RunningSession(writer: writer, run: run, starts: starts, locks: locks, options: options)
  }
}

/// A data folder in use: the writer, the marks that prove what runs, and the way to an end in good order. It holds no
/// state: the program publishes snapshots of its own and requests their storing.
///
/// Any thread.
public final class RunningSession: Sendable {
  public let writer: PersistenceWriter<SessionStore>
  private let starts: StartCount
  private let locks: [FolderLock]
  private let proving: Proving

  init(
    writer: PersistenceWriter<SessionStore>, run: Int64?, starts: StartCount, locks: [FolderLock],
    options: SessionOptions
  ) {
    self.writer = writer
    self.starts = starts
    self.locks = locks
    proving = Proving(
      writer: writer, run: run, starts: starts, provingTime: options.provingTime, time: options.time,
      report: options.proved)
  }

  /// Marks what has proven itself until the task is cancelled.
  public func prove() async {
    await proving.run()
  }

  /// Stores what is pending within `budget`, closes the database and lets others have the folder. Nothing may be requested
  /// any more. Returns at most 0.45 s after the budget, also when the disk does not answer.
  public func close(within budget: Duration) async -> SessionEnd {
    let report = await writer.shutdown(within: budget)
    release()
    return report
  }

  /// Notes an end in good order and lets others have the folder; the last call, after the writer has ended.
  public func release() {
    // Waits for the disk a little only: a disk that hangs must not hold the end of the process.
    _ = starts.clear()?.join(timeout: .milliseconds(200))
    for lock in locks { lock.release() }
  }
}
