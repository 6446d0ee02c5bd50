import Documents
import DurableFiles
public import PersistenceMessages
import SQLiteConnection

/// The show's generations in SQLite: the one connection that writes and checkpoints (invariant I9).
///
/// Used by one thread at a time, the writer's worker; not Sendable. It may be made on another thread and handed over.
/// Every call blocks for as long as the disk takes.
///
/// A store that failed leaves the object usable: the next call opens the database again if the failure made it doubtful,
/// makes a new one if it is gone, moves it to `quarantine/` if it is damaged, and then writes everything afresh.
public final class GenerationStore {
  public let options: StoreOptions
  /// Sizes and counts as of the last call; reading them does no I/O.
  public internal(set) var facts: StoreFacts

  let migrator: Migrator
  let headFile: HeadFile
  var lifecycle = StoreLifecycle.down(.nothing)
  /// What the ring holds back while the program runs on a recovered state. It begins before that state is stored; once it
  /// is, ``Ring/frozenThrough`` follows from what is on disk.
  var recovered = RecoveredState.none
  /// What was reported as stored last, or restored: what has to be in the database.
  var newest = NewestStored.none
  /// The last replacement of a damaged database in this process; nil when there was none.
  var replaced: DatabaseReplacement.Outcome?
  /// Which show the database belongs to; nil until it was open once. A database that is made anew gets the same.
  var show: ShowID?
  var checkpoints = CheckpointPolicy()
  var logAlarm = LogAlarm.quiet
  /// What the operator should know of the start; bounded.
  var reports: [String] = []

  init(_ options: StoreOptions, _ migrator: Migrator = Migrator(migrations: knownMigrations)) {
    self.options = options
    self.migrator = migrator
    headFile = HeadFile(path: DataFolderLayout(options.folder).head)
    facts = StoreFacts(
      walBytes: 0, databaseBytes: 0,
      ring: .init(count: 0, capacity: options.retention.newest, pinned: 0, oldest: nil, newest: nil),
      provenGeneration: nil)
  }

  /// Opens or creates the database in `options.folder`. Damage is an error here; ``openOrQuarantine(_:from:)`` is for
  /// hosts.
  public static func open(_ options: StoreOptions) throws(StoreFailure) -> GenerationStore {
    let store = GenerationStore(options)
    try store.openSession(replacingDamaged: false)
    return store
  }

  /// Nil while the database is not open: before the first call, and after a failure that made it doubtful.
  var session: StoreSession? { lifecycle.session }

  /// Whether generations are held in the ring that would otherwise go (invariant I8).
  package var freezesPruning: Bool { recovered.frozenThrough != nil }

  /// Holds the generations that exist now in the ring, whatever is stored after them, until a later one is proven.
  package func freezePruning() { recovered.freeze(through: highWaterMark.generation) }

  /// Notes that the program runs on a recovered state that is not a generation yet: the next one has origin `recovery`,
  /// whichever request it fulfils, because a request before the first store takes the place of the recovery's own.
  package func noteRecoveredState() { recovered.noteRecovered() }

  /// The newest generation in the database; nil when there is none, or while it is not open.
  public var head: StoredGeneration? { session?.head?.stored }

  /// The highest numbers ever stored in this data folder, as far as database and `head.json` know.
  public var highWaterMark: HighWaterMark {
    var mark = headFile.mark
    if let head { mark.raise(to: HighWaterMark(head)) }
    return mark
  }

  /// Stores the snapshot as one whole generation, durably, and prunes the ring in the same transaction.
  ///
  /// - Parameter requests: how many requests this store fulfils.
  /// - Throws: when it is not certain that the generation is durable. After a COMMIT that failed it may turn out to be
  ///   there; the next attempt finds out, and the same sequence is never stored as two generations.
  public func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration {
    let session = try ownedSession()
    let snapshot = holdingBack(snapshot, session)
    let next = highWaterMark.generation + 1
    let policy = KeyframePolicy(interval: options.keyframeInterval)
    let plan = try attempt { () throws(SQLiteFailure) in try StorePlan(snapshot, session, policy, next: next) }
    if plan.isStored(snapshot, session), let head = session.head { return accept(head, snapshot, session) }
    if let head = session.head, plan.breaksSequence(snapshot, session) {
      throw .sequenceBroken(snapshot.sequence, after: head.record.sequence)
    }
    let head: StoreSession.Head
    let known = session.head
    do throws(StoreFailure) {
      head = try attempt { () throws(SQLiteFailure) in
        try session.write(plan, columns(of: snapshot, requests, next), pruning)
      }
    } catch {
      throw overtaking(error, since: known) ?? error
    }
    session.baseline = snapshot.source
    return accept(head, snapshot, session)
  }

  /// What can't be stored holds back only itself: the rest of the snapshot goes on, and the facts name the places.
  private func holdingBack(_ snapshot: PersistenceSnapshot, _ session: StoreSession) -> PersistenceSnapshot {
    let (source, heldBack) = snapshot.source.storable(over: session.baseline ?? newest.entry?.snapshot.source)
    if heldBack != facts.heldBack {
      for place in heldBack { tell("held back from storing: \(place.path): \(place.problem)") }
      if heldBack.isEmpty { tell("nothing is held back from storing any more") }
    }
    facts.heldBack = heldBack
    if heldBack.isEmpty { return snapshot }
    return PersistenceSnapshot(source: source, request: snapshot.request, requestCount: snapshot.requestCount)
  }

  private func accept(
    _ head: StoreSession.Head, _ snapshot: PersistenceSnapshot, _ session: StoreSession
  ) -> StoredGeneration {
    newest = .held(.init(snapshot: snapshot, generation: head.record.generation, checksum: head.checksum))
    recovered.noteStored()
    headFile.note(HighWaterMark(head.stored))
    checkpoints.noteStored()
    noteFacts(trouble: nil)
    if let step = checkpoints.stepAfterStore(pages: session.connection.pagesInLog) { checkpoint(session, step) }
    return head.stored
  }

  private var pruning: PruningPolicy {
    PruningPolicy(retention: options.retention, byteBound: options.byteBound, frozenThrough: recovered.frozenThrough)
  }

  private func columns(of snapshot: PersistenceSnapshot, _ requests: UInt64, _ next: Int64) -> GenerationRecord {
    let origin = recovered.isUnstored ? .recovery : snapshot.request.origin
    return GenerationRecord(
      generation: next, sequence: Int64(clamping: snapshot.sequence), storedAtUnixMs: options.wallClock(),
      origin: origin.rawValue, reason: snapshot.request.reason.bounded,
      actor: snapshot.request.actor.bounded, requests: Int64(clamping: requests),
      items: Int64(snapshot.source.itemCount), bytes: 0, isKeyframe: false)
  }
}

extension HighWaterMark {
  init(_ stored: StoredGeneration) {
    self.init(generation: stored.generation, sequence: stored.sequence, storedAtUnixMs: stored.storedAtUnixMs)
  }
}

extension String {
  /// The first 200 bytes: reasons and actors come from outside.
  var bounded: String {
    utf8.count <= 200 ? self : String(decoding: utf8.prefix(197), as: UTF8.self) + "…"
  }
}

extension StoreFailure {
  /// A bug of the runtime: one sequence must name one state, and later states have higher ones.
  fileprivate static func sequenceBroken(_ sequence: UInt64, after earlier: Int64) -> StoreFailure {
    StoreFailure(
      .invariant, "Sequence \(sequence) was to be stored after sequence \(earlier), with another state",
      remedy: "Export the state (GET /api/v1/export), restart the host and report this.")
  }
}
