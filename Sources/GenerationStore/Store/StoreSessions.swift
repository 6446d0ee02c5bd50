import DurableFiles
import PersistenceMessages
import SQLiteConnection

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// How the store opens its database, and when it gives it up.
extension GenerationStore {
  /// The session, opened if need be, with its files in their place.
  func placedSession() throws(StoreFailure) -> StoreSession {
    let session = try openSession()
    guard let change = session.displacement else { return session }
    let failure = StoreFailure.moved(change, session.files)
    drop()
    noteFacts(trouble: failure)
    throw failure
  }

  /// - Parameter replacesDamaged: whether a damaged database is replaced at once. Not at a start, which first decides
  ///   what can be restored from it.
  @discardableResult
  func openSession(replacingDamaged replacesDamaged: Bool = true) throws(StoreFailure) -> StoreSession {
    if let session { return session }
    guard case .down(let task) = lifecycle else { throw .closed }
    let opening = try opening()
    do throws(StoreFailure) {
      return try open(opening, task, replacesDamaged)
    } catch {
      // One more attempt, now with a fresh database.
      guard error.code == .corrupt, replacesDamaged else { throw error }
      tell(error.message)
      return try open(opening, lifecycle.beforeOpening, replacesDamaged)
    }
  }

  private func open(
    _ opening: DatabaseOpening, _ task: BeforeOpening, _ replacesDamaged: Bool
  ) throws(StoreFailure) -> StoreSession {
    var progress = BeforeOpening.Progress.replacing
    let opened: StoreSession
    do throws(StoreFailure) {
      try replaceOrFinish(opening, task)
      progress = .preparing
      try prepareLog(opening.files, mustBeRenewed: task == .renewLog)
      opened = try StoreSession(opening)
    } catch {
      lifecycle = .down(task.afterFailure(error.code, progress, replacesDamaged: replacesDamaged))
      throw error
    }
    opened.noteSizes()
    headFile.follow(path: opening.files.layout.head)
    opened.leaveRoomBelow(isOverdue: replaced?.isOverdue ?? false)
    lifecycle = .open(opened)
    show = opened.show
    checkpoints = CheckpointPolicy()
    noteFacts(trouble: nil)
    return opened
  }

  private func replaceOrFinish(_ opening: DatabaseOpening, _ task: BeforeOpening) throws(StoreFailure) {
    let replacement = DatabaseReplacement(opening: opening)
    let outcome = if case .replace(let damage) = task { try replacement.run(damage) } else { try replacement.finish() }
    for report in outcome.reports { tell(report) }
    if outcome.folder != nil { replaced = outcome }
  }

  /// Every log that is found is renewed: see LogRenewal.swift. Unless a sync is known to have failed, another program that
  /// has the database open, or a file that may not be written, is no reason not to open it.
  private func prepareLog(_ files: DatabaseFiles, mustBeRenewed: Bool) throws(StoreFailure) {
    do throws(StoreFailure) {
      guard case .setAside(let folder, let reason) = try LogPreparation(files: files, options: options).run() else {
        return
      }
      tell(
        "\(files.log) does not belong to the database beside it (\(reason)) and was moved to \(folder); to bring a "
          + "backup back, use: afterimage restore FILE")
    } catch {
      switch error.code {
      case .busy where mustBeRenewed: throw .logInUse(files)
      case .busy: return
      case .readOnly, .cannotOpen: if mustBeRenewed { throw error }
      default: throw error
      }
    }
  }

  private func prepareFolder() throws(StoreFailure) -> DatabaseFiles {
    do throws(FileFailure) {
      let warnings = try DataFolder.prepare(options.folder, allowUnsafeFileSystem: options.allowsUnsafeFileSystem)
      for warning in warnings where !reports.contains(warning) { tell(warning) }
    } catch {
      throw StoreFailure(error)
    }
    try options.claimFolder()
    guard let files = DatabaseFiles(resolving: options.folder) else {
      throw .cannotOpen("realpath of \(options.folder)", code: errno, DatabaseFiles(folder: options.folder))
    }
    return files
  }

  /// Ends the session without writing anything.
  ///
  /// - Parameter task: what the next opening must do first; nil: what it had to do already.
  func drop(before task: BeforeOpening? = nil) {
    let session = session
    if !lifecycle.isClosed { lifecycle = .down(task ?? lifecycle.beforeOpening) }
    drop(session)
  }

  func drop(_ session: StoreSession?) {
    session?.drop()
    newest.doubt()
    headFile.close()
  }

  /// Has the database, which is damaged, replaced before it is opened the next time: with what can be read of it in a
  /// fresh one, and not before that is whole.
  func replaceDatabase(reason: String = DatabaseDamage().reason) {
    drop(before: .replace(DatabaseDamage(reason: reason)))
  }

  /// Builds a whole successor beside the database, which goes on failing and stays where it is.
  ///
  /// - Returns: nil when the disk does not take one; the operator is told.
  func buildSuccessor() -> DatabaseSuccessor? {
    drop()
    do throws(StoreFailure) {
      return try DatabaseSuccessor.build(for: try opening(), .rows)
    } catch {
      tell("no fresh database can be made in \(options.folder) either, so the old one stays: \(error.message)")
      return nil
    }
  }

  /// Moves the database to quarantine and its successor into its place.
  func installSuccessor(_ successor: DatabaseSuccessor, reason: String) throws(StoreFailure) {
    drop()
    let folder = try DatabaseReplacement(opening: try opening()).install(reason: reason)
    for report in successor.reports { tell(report) }
    tell("the old database was moved to \(folder)")
  }

  func discardSuccessor() {
    if let files = DatabaseFiles(resolving: options.folder) {
      DatabaseSuccessor.discard(DatabaseOpening(files: files, options: options, migrator: migrator, show: show))
    }
  }

  private func opening() throws(StoreFailure) -> DatabaseOpening {
    var options = options
    options.newestInMemory = newest.entry?.snapshot.sequence
    return DatabaseOpening(files: try prepareFolder(), options: options, migrator: migrator, show: show)
  }

  /// Runs `body` on the open database; a failure decides what becomes of the session.
  func attempt<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(StoreFailure) -> Value {
    do throws(SQLiteFailure) {
      let value = try body()
      session?.noteSizes()
      return value
    } catch {
      throw note(error)
    }
  }

  /// Decides what a failure means for the session, and gives it its words.
  func note(_ problem: SQLiteFailure) -> StoreFailure {
    guard let session else { return StoreFailure(problem, DatabaseFiles(folder: options.folder)) }
    let failure = StoreFailure(problem, session.files)
    switch SessionVerdict(problem, failure.code, isInTransaction: session.connection.isInTransaction) {
    case .keep: break
    case .compareHead: compareHead()
    case .reopen: drop()
    case .doubtLog: drop(before: .renewLog)
    case .giveUp: replaceDatabase()
    }
    noteFacts(trouble: failure)
    return failure
  }

  /// A full disk is no reason to doubt what was written before, and a keyframe would need the most space of all.
  private func compareHead() {
    let (head, baseline) = (session?.head, session?.baseline)
    drop()
    guard let opened = try? openSession(), opened.head == head else { return }
    opened.baseline = baseline
  }

  /// One sentence to the operator.
  func tell(_ report: String) {
    if reports.count < 100 { reports.append(report) }
    options.notice(report)
  }

  func noteFacts(trouble: StoreFailure?) {
    facts.trouble = trouble
    facts.isHomeless = isHomeless
    guard let session else { return }
    if let head = session.head, head.record.generation == newest.entry?.generation { facts.stored = head.stored }
    facts.walBytes = DatabaseFiles.size(of: session.files.log) ?? 0
    facts.databaseBytes = DatabaseFiles.size(of: session.files.database) ?? 0
    facts.ring = StoreFacts.Ring(
      count: session.ring.entries.count, capacity: options.retention.newest, pinned: session.ring.pinCount,
      oldest: session.ring.entries.first?.generation, newest: session.ring.newest?.generation)
    facts.ring.suspect = session.ring.entries.count { $0.isSuspect }
    facts.provenGeneration = session.ring.newestProven
  }
}

extension StoreFailure {
  fileprivate static let closed = StoreFailure(
    .invariant, "The store was closed", remedy: "Start the host again.")

  fileprivate static func logInUse(_ files: DatabaseFiles) -> StoreFailure {
    let programs = LockHolder.holders(of: .opened, files).map(\.description).joined(separator: ", ")
    return StoreFailure(
      .busy,
      "After an I/O error the log must be renewed, and \(programs.isEmpty ? "a program" : programs) has \(files.database) open",
      remedy: "Close the programs that have the database open.")
  }
}
