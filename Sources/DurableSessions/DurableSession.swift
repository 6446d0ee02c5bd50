import Concurrency
public import Documents
import DurableFiles
import GenerationStore
public import PersistenceMessages
public import PersistencePipeline
import Synchronization

/// A program's state, kept durable: it lives in memory, and a background writer stores its newest value as numbered
/// generations. The one truth is the value in here, under one lock; nothing else can be stored.
///
///     let session = try await DurableSession.open("desk-data", initial: Desk())
///     session.update(reason: "cue.go", actor: "operator") { $0.master = 0.7 }
///     let generation = try await session.stored(within: .seconds(2))
///     let end = await session.close(within: .seconds(3))
///
/// Any thread may call; ``update(reason:actor:_:)`` and ``state`` never wait for a disk.
public final class DurableSession<State: DurableState>: Sendable {
  /// What the session began with.
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
    /// Updates of this process.
    var requestCount: UInt64 = 0
  }

  /// Apart from the session, so that its proving can look at the state without keeping the session alive.
  private final class Cell: Sendable {
    let current: Mutex<Current>

    init(_ current: sending Current) { self.current = Mutex(current) }
  }

  /// Opens the folder and restores the newest state that can be read; blocks a thread of its own while it does.
  ///
  /// - Parameters:
  ///   - folder: of this program's state alone; created when it is missing. One process at a time can open it.
  ///   - initial: the state of a new folder; also what a property begins with that was never stored.
  ///   - program: what other programs read of who holds the folder.
  /// - Throws: ``SessionFailure`` when another process has the folder, or it can't be used. Damage is restored from and
  ///   reported in ``restoration``.
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

  /// The state now. Constant time for states that share structure.
  public var state: State { cell.current.withLock { $0.state } }

  /// Changes the state in memory and requests its storing. Costs the change and a few hundred nanoseconds; waits for
  /// nothing but other updates.
  ///
  /// - Parameters:
  ///   - reason: the action, such as `cue.go`: what lists of generations show. At most 200 bytes are kept.
  ///   - actor: who made it.
  ///   - change: runs under the session's lock: it must not call the session.
  /// - Returns: what `change` returned.
  /// - Throws: what `change` throws; nothing has changed then.
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

  /// Waits until everything updated so far is durable.
  ///
  /// - Returns: the generation that holds it; nil when nothing was ever stored.
  /// - Throws: ``StoreWaitFailure`` when it was not stored in time. It stays in memory and goes on being tried.
  @discardableResult
  public func stored(within timeout: Duration) async throws(StoreWaitFailure) -> Int64? {
    try await receipt(await running.writer.waitUntilStored(cell.current.withLock { $0.sequence }, timeout: timeout))
  }

  /// As ``stored(within:)``, without waiting for the debounce or for a retry.
  @discardableResult
  public func flush(within timeout: Duration) async throws(StoreWaitFailure) -> Int64? {
    try await receipt(await running.writer.flush(timeout: timeout))
  }

  private func receipt(_ wait: StoreWait) async throws(StoreWaitFailure) -> Int64? {
    if case .stored(let generation) = wait { return generation == 0 ? nil : generation }
    throw StoreWaitFailure(status: running.writer.status())
  }

  /// What is stored, what is not and since when, and what holds it back. Never waits.
  public var health: PersistenceStatus { running.writer.status() }

  /// Sizes and counts of the store as of its last use; nil before that.
  public var facts: StoreFacts? { running.writer.facts }

  /// What a start could not bring back, this one or one before it, until it is acknowledged; nil when nothing is lost. Until
  /// then an initial state that took the place of a lost one is never marked as proven, unless it was updated.
  public var openLoss: LossRecord? { running.openLoss }

  /// Ends the announcing of a loss, for good. Waits for the disk, on a thread of its own.
  ///
  /// - Returns: the loss; nil when there was none to acknowledge.
  /// - Throws: when that is not certain to outlast the process. Then it is not acknowledged.
  @discardableResult
  public func acknowledgeLoss() async throws(SessionFailure) -> LossRecord? {
    try await onThread { [running] () throws(SessionFailure) in
      do throws(FileFailure) { return try running.acknowledgeLoss() } catch { throw SessionFailure(error) }
    }
  }

  /// Stores what is pending within `budget`, and closes. An update after this stays in memory only: ``health`` shows it as
  /// unsaved and the writer as stopped.
  ///
  /// - Returns: how it ended, and how many updates are not on disk. Comes at most 0.45 s after the budget, also when the
  ///   disk does not answer.
  public func close(within budget: Duration) async -> SessionEnd {
    proving.cancel()
    return await running.close(within: budget)
  }

  // For the operations on generations (DurableSession+Generations.swift).

  func reading<Value: Sendable>(
    _ work: @escaping @Sendable (GenerationReader) throws(StoreFailure) -> Value
  ) async throws(StoreFailure) -> Value {
    let path = "\(facts?.failover?.folder ?? folder)/state.db"
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

/// What was updated is not durable yet: the time has passed, or the session ended before.
public struct StoreWaitFailure: Error, Sendable, CustomStringConvertible {
  /// The writer's condition, with the error that holds storing back.
  public var status: PersistenceStatus

  public var description: String {
    status.lastFailure?.failure.description ?? "the state was not stored in time"
  }
}
