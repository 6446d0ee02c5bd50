import Concurrency
public import Documents
import DurableFiles
import GenerationStore
public import PersistenceMessages
public import PersistencePipeline
import Synchronization

/// Keeps a program's state durable. The state is held in memory, and a background writer stores its newest value as
/// numbered generations. The value in this object, under one lock, is the only copy that is stored.
///
///     let session = try await DurableSession.open("desk-data", initial: Desk())
///     session.update(reason: "cue.go", actor: "operator") { $0.master = 0.7 }
///     let generation = try await session.stored(within: .seconds(2))
///     let end = await session.close(within: .seconds(3))
///
/// Any thread may call; ``update(reason:actor:_:)`` and ``state`` never wait for a disk.
public final class DurableSession<State: DurableState>: Sendable {
  /// The state with which the session began, and its source.
  public let restoration: Restoration
  private let folder: String
  private let documentReading: DocumentReading
  private let running: RunningSession
  private let snapshots: LatestValueMailbox<PersistenceSnapshot>
  private let cell: Cell
  private let proving: Task<Void, Never>

  private struct Current {
    var state: State
    /// Grows by one with every update.
    var sequence: UInt64
    /// The number of updates in this process.
    var requestCount: UInt64 = 0
  }

  /// Separate from the session, so that proving can read the state without retaining the session.
  private final class Cell: Sendable {
    let current: Mutex<Current>

    init(_ current: sending Current) { self.current = Mutex(current) }
  }

  /// Opens the folder and restores the newest readable state, on a thread of its own that may wait for the disk.
  ///
  /// - Parameters:
  ///   - folder: a folder for this program's state only; created if it is missing. One process at a time can open it.
  ///   - initial: the state of a new folder, and the value of a property that was never stored.
  ///   - program: the name under which other programs see the holder of the folder.
  /// - Throws: ``SessionFailure`` if another process holds the folder, or it can't be used. Damage is never thrown; it
  ///   is reported in ``restoration``.
  public static func open(
    _ folder: String, initial: State, program name: String = "afterimage-session",
    options: SessionOptions = SessionOptions()
  ) async throws(SessionFailure) -> DurableSession {
    var options = options
    options.program = name
    return try await onThread { [options] () throws(SessionFailure) in
      try DurableSession(folder, initial, options)
    }
  }

  private init(
    _ folder: String, _ initial: State, _ options: SessionOptions
  ) throws(SessionFailure) {
    let program = SessionProgram(initial: initial)
    let opened = try OpenedSession(folder, options) { program }
    restoration = opened.restoration
    let state = (restoration.source as? StateDocuments<State>)?.state ?? initial
    self.folder = folder
    documentReading = program.reading
    cell = Cell(Current(state: state, sequence: restoration.sequence))
    snapshots = LatestValueMailbox()
    running = opened.start(snapshots: snapshots)
    proving = Task.detached { [running, cell] in
      await running.prove { cell.current.withLock { (StateDocuments($0.state), $0.sequence) } }
    }
    if let origin = restoration.origin {
      commit(reason: "recovery from \(restoration.sourceName)", actor: options.program, origin, isForced: true) { _ in }
    }
  }

  /// The current state. Constant time for states that share structure.
  public var state: State { cell.current.withLock { $0.state } }

  /// Changes the state in memory and requests its storing. Takes the time of the change and a few hundred nanoseconds;
  /// waits only for other updates, never for a disk. Any thread.
  ///
  /// - Parameters:
  ///   - reason: the name of the action, such as `cue.go`, for lists of generations. At most 200 bytes are stored.
  ///   - actor: the source of the change, such as a user's name. At most 200 bytes are stored.
  ///   - change: changes the state under the session's lock; it must not call the session.
  /// - Returns: the result of `change`.
  /// - Throws: the error of `change`; nothing has changed then.
  @discardableResult
  public func update<Result, Failure: Error>(
    reason: String, actor: String, _ change: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try commit(reason: reason, actor: actor, .mutation, isForced: false, change)
  }

  @discardableResult
  func commit<Result, Failure: Error>(
    reason: String, actor: String, _ origin: GenerationOrigin, isForced: Bool,
    _ change: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let (result, request) = try cell.current.withLock { (current) throws(Failure) in
      var state = current.state
      let result = try change(&state)
      current.state = state
      current.sequence += 1
      current.requestCount += 1
      let request = PersistenceRequest(
        target: .runtimeState, reason: reason, actor: actor, origin: origin, isForced: isForced,
        sequence: current.sequence)
      snapshots.publish(PersistenceSnapshot(state: state, request: request, requestCount: current.requestCount))
      return (result, request)
    }
    running.writer.request(request)
    return result
  }

  /// Waits until all updates made so far are durable.
  ///
  /// - Returns: the generation that holds them; nil if nothing was ever stored.
  /// - Throws: ``StoreWaitFailure`` if they were not stored in time. They stay in memory, and the writer keeps trying.
  @discardableResult
  public func stored(within timeout: Duration) async throws(StoreWaitFailure) -> Int64? {
    try await receipt(await running.writer.waitUntilStored(cell.current.withLock { $0.sequence }, timeout: timeout))
  }

  /// See ``stored(within:)``; skips the debounce and the wait of a retry.
  @discardableResult
  public func flush(within timeout: Duration) async throws(StoreWaitFailure) -> Int64? {
    try await receipt(await running.writer.flush(timeout: timeout))
  }

  private func receipt(_ wait: StoreWait) async throws(StoreWaitFailure) -> Int64? {
    if case .stored(let generation) = wait { return generation == 0 ? nil : generation }
    throw StoreWaitFailure(status: running.writer.status())
  }

  /// The writer's condition: the stored and the unsaved state, its age, and the last error. Never waits.
  public var health: PersistenceStatus { running.writer.status() }

  /// Sizes and counts of the store after its last use; nil before that.
  public var facts: StoreFacts? { running.writer.facts }

  /// The loss of this start or an earlier one, until it is acknowledged; nil if nothing is lost. Until then an initial
  /// state that replaced a lost one is never marked as proven, unless it was updated.
  public var openLoss: LossRecord? { running.openLoss }

  /// Acknowledges the loss durably, so that it is no longer announced. Waits for the disk, on a thread of its own.
  ///
  /// - Returns: the loss; nil if there was none to acknowledge.
  /// - Throws: if the acknowledgement is not certain to be on disk. The loss is not acknowledged then.
  @discardableResult
  public func acknowledgeLoss() async throws(SessionFailure) -> LossRecord? {
    try await onThread { [running] () throws(SessionFailure) in
      do throws(FileFailure) { return try running.acknowledgeLoss() } catch { throw SessionFailure(error) }
    }
  }

  /// Stores pending updates within `budget`, and closes. Later updates stay in memory only: ``health`` shows them as
  /// unsaved and the writer as stopped.
  ///
  /// - Returns: the outcome, and the number of updates that are not on disk. Returns at most 0.45 s after the budget,
  ///   even if the disk does not answer.
  public func close(within budget: Duration) async -> SessionEnd {
    proving.cancel()
    return await running.close(within: budget)
  }

  // For the operations on generations (DurableSession+Generations.swift).

  func reading<Value: Sendable>(
    _ work: @escaping @Sendable (GenerationReader) throws(StoreFailure) -> Value
  ) async throws(StoreFailure) -> Value {
    let path = DataFolderLayout(facts?.failover?.folder ?? folder).database
    return try await onThread { [documentReading] () throws(StoreFailure) in
      let reader = try GenerationReader.open(documentReading, databasePath: path, besideWriter: true)
      defer { reader.close() }
      return try work(reader)
    }
  }

  func marking(
    _ work: @escaping @Sendable (GenerationStore) throws(MarkFailure) -> Void
  ) async throws(MarkFailure) {
    let failure: MarkFailure?
    do throws(MaintenanceFailure) {
      failure = try await running.writer.maintain(timeout: .seconds(5)) { store in
        do throws(MarkFailure) {
          try work(store.generations)
          return nil
        } catch {
          return error
        }
      }
    } catch {
      throw .store(.writerBusy)
    }
    if let failure { throw failure }
  }
}

extension StoreFailure {
  fileprivate static let writerBusy = StoreFailure(
    .busy, "The writer is busy with a slow store or is ending", remedy: "Try again.")
}

/// The updates are not durable yet: the timeout has passed, or the session ended before they were stored.
public struct StoreWaitFailure: Error, Sendable, CustomStringConvertible {
  /// The writer's condition, with the error that prevents storing.
  public var status: PersistenceStatus

  public var description: String {
    status.lastFailure?.failure.description ?? "the state was not stored in time"
  }
}
