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

  @discardableResult
  func openSession() throws(StoreFailure) -> StoreSession {
    guard !isClosed else { throw .closed }
    if let session { return session }
    let opening = try opening()
    do throws(StoreFailure) {
      return try open(opening)
    } catch {
      guard error.code == .corrupt else { throw error }
      damage = Damage()
      guard replacesDamaged else { throw error }
      tell(error.message)
      return try open(opening)
    }
  }

  private func open(_ opening: DatabaseOpening) throws(StoreFailure) -> StoreSession {
    let replacement = DatabaseReplacement(opening: opening)
    let outcome = if let damage { try replacement.run(damage) } else { try replacement.finish() }
    for report in outcome.reports { tell(report) }
    if outcome.folder != nil { replaced = outcome }
    damage = nil
    let opened: StoreSession
    do throws(StoreFailure) {
      try prepareLog(opening.files)
      opened = try StoreSession(opening)
    } catch {
      // A sync may have failed in there, as when the tables are made.
      if error.code == .io || error.code == .full { doubtsLog = true }
      throw error
    }
    doubtsLog = false
    opened.noteSizes()
    headFile.follow(path: opening.files.headFile)
    opened.leaveRoomBelow(isOverdue: replaced?.isOverdue ?? false)
    session = opened
    show = opened.show
    checkpoints = CheckpointPolicy()
    noteFacts(trouble: nil)
    return opened
  }

  /// Every log that is found is renewed: see LogRenewal.swift. Unless a sync is known to have failed, another program that
  /// has the database open, or a file that may not be written, is no reason not to open it.
  private func prepareLog(_ files: DatabaseFiles) throws(StoreFailure) {
    do throws(StoreFailure) {
      guard case .setAside(let folder, let reason) = try LogPreparation(files: files, options: options).run() else {
        return
      }
      tell(
        "\(files.log) does not belong to the database beside it (\(reason)) and was moved to \(folder); to bring a "
          + "backup back, use: afterimage restore FILE")
    } catch {
      switch error.code {
      case .busy where doubtsLog: throw .logInUse(files)
      case .busy: return
      case .readOnly, .cannotOpen: if doubtsLog { throw error }
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
  func drop() {
    session?.drop()
    session = nil
    isNewestDoubtful = true
    headFile.close()
  }

  /// Has the database, which is damaged, replaced before it is opened the next time: with what can be read of it in a
  /// fresh one, and not before that is whole.
  func replaceDatabase(reason: String = Damage().reason) {
    drop()
    damage = Damage(reason: reason)
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
    options.newestInMemory = newest?.snapshot.sequence
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
    case .doubtLog:
      doubtsLog = true
      drop()
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
    if let head = session.head, head.record.generation == newest?.generation { facts.stored = head.stored }
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
