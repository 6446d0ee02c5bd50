public import Concurrency
public import Documents
public import DurableFiles
import GenerationStore
public import PersistenceMessages
public import PersistencePipeline
import Synchronization

/// The outcome of a session's end, and the number of updates that are not on disk.
public typealias SessionEnd = PersistenceWriter<SessionStore>.ShutdownReport

extension OpenedSession {
  /// Starts the writer. Nothing is stored before the program requests it.
  ///
  /// - Parameter snapshots: the mailbox in which the program publishes its state; the writer is its only reader.
  public consuming func start(snapshots: LatestValueMailbox<PersistenceSnapshot>) -> RunningSession {
    guard let store = store.withLock({ $0.take() }) else { preconditionFailure("the writer is started once") }
    let writer = PersistenceWriter(
      policy: PersistencePolicy(debounce: options.debounce, maxDelay: options.maxDelay),
      start: .init(
        sequence: restoration.sequence, generation: restoration.generation, storedAtUnixMs: restoration.storedAtUnixMs),
      store: store, snapshots: snapshots, clock: options.time.uptime,
      observe: options.observe)
    if let incident = overdueIncident {
      LateSalvage(
        folder: folder, incident: incident, writer: writer, losses: losses, reading: program.reading, options: options
      ).begin()
    }
    return RunningSession(
      writer: writer, run: run, starts: starts, losses: losses, locks: locks, isBlank: program.isBlank,
      options: options)
  }
}

/// A data folder in use: the writer, the marks that prove what runs, and the way to an end in good order. It holds no
/// state: the program publishes snapshots of its own and requests their storing.
///
/// Any thread.
public final class RunningSession: Sendable {
  public let writer: PersistenceWriter<SessionStore>
  private let starts: StartCount
  private let losses: LossBook
  private let options: SessionOptions
  private let locks: [FolderLock]
  private let proving: Proving

  init(
    writer: PersistenceWriter<SessionStore>, run: Int64?, starts: StartCount, losses: LossBook, locks: [FolderLock],
    isBlank: @escaping @Sendable (any DocumentSource) -> Bool, options: SessionOptions
  ) {
    self.writer = writer
    self.starts = starts
    self.losses = losses
    self.locks = locks
    self.options = options
    proving = Proving(
      writer: writer, run: run, losses: losses, isBlank: isBlank,
      clearStarts: { starts.clear(options) }, provingTime: options.provingTime, time: options.time,
      report: { options.event(.proven($0, $1)) })
  }

  /// Marks proven generations until the task is cancelled.
  ///
  /// - Parameter current: the program's durable state and its sequence, stored or not.
  public func prove(_ current: @escaping @Sendable () -> (source: any DocumentSource, sequence: UInt64)) async {
    await proving.run(current)
  }

  /// What was lost and is not acknowledged; nil when nothing is. No I/O.
  public var openLoss: LossRecord? { losses.open }

  /// Ends the announcing of a loss, for good. Waits for the disk.
  ///
  /// - Returns: the loss; nil when there was none to acknowledge.
  /// - Throws: when that is not certain to outlast the process. Then it is not acknowledged.
  public func acknowledgeLoss() throws(FileFailure) -> LossRecord? {
    let now = UTCTime.text(unixMilliseconds: options.time.unixMilliseconds())
    guard let record = try losses.acknowledge(at: now) else { return nil }
    options.event(.lossAcknowledged(record))
    return record
  }

  /// Stores what is pending within `budget`, closes the database and lets others have the folder. Nothing may be
  /// requested any more. Returns at most 0.45 s after the budget, also when the disk does not answer.
  public func close(within budget: Duration) async -> SessionEnd {
    let report = await writer.shutdown(within: budget)
    release()
    return report
  }

  /// Records a clean end and releases the folder. The last call, after the writer has ended.
  public func release() {
    // Waits only briefly, because a hanging disk must not delay the end of the process.
    _ = starts.clear(options)?.join(timeout: .milliseconds(200))
    for lock in locks { lock.release() }
  }
}
