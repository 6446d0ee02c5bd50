public import PersistenceMessages
import SQLiteConnection

// What the store does while nothing is stored.
extension GenerationStore {
  /// Housekeeping: looks whether the files are in their place, and, if not, puts the newest stored state into a good one;
  /// moves the log into the database when ``CheckpointPolicy`` says so; after two idle seconds empties the log and syncs
  /// the high-water mark. `facts.trouble` has what goes wrong.
  ///
  /// - Parameter idleFor: time since the last store.
  public func rest(idleFor: Duration) {
    guard !lifecycle.isClosed else { return }
    guard let session, session.displacement == nil, !newest.isDoubtful else { return restore() }
    do throws(StoreFailure) {
      try options.claimFolder()
    } catch {
      drop()
      return noteFacts(trouble: error)
    }
    noteFacts(trouble: nil)
    checkpoints.noteRest()
    let step = checkpoints.stepAtRest(pages: session.connection.pagesInLog, idleFor: idleFor)
    if let step { checkpoint(session, step) }
    if idleFor >= CheckpointPolicy.idle { headFile.sync() }
  }

  /// The database is closed after a failure, or is not where it was: opens what is there or makes it anew, and stores
  /// again what was reported as stored, unless it is in there.
  private func restore() {
    do throws(StoreFailure) {
      if let session, let change = session.displacement {
        tell("\(change); the newest stored state goes into the database that lies there now, or into a new one")
        drop()
      }
      let session = try openSession()
      if let newest = newest.entry, try !holds(newest, session) {
        let stored = try store(newest.snapshot, requests: 0)
        tell("generation \(newest.generation) was not in the database and was stored again as \(stored.generation)")
      }
      newest.confirm()
      noteFacts(trouble: nil)
    } catch {
      noteFacts(trouble: error)
    }
  }

  private func holds(_ newest: NewestStored.Entry, _ session: StoreSession) throws(StoreFailure) -> Bool {
    try attempt { () throws(SQLiteFailure) in
      try StoredRows(connection: session.connection).generation(newest.generation)?.checksum == newest.checksum
    }
  }

  /// A checkpoint that fails takes back nothing that was stored; the failure is in the facts, and the next store meets it
  /// too if it lasts.
  func checkpoint(_ session: StoreSession, _ step: CheckpointPolicy.Step) {
    do throws(SQLiteFailure) {
      let mode: Connection.CheckpointMode = step == .passive ? .passive : .truncate
      let isComplete = try session.checkpoint(
        mode, busyTimeoutMilliseconds: options.busyTimeoutMilliseconds)
      session.noteSizes()
      checkpoints.note(step, isComplete: isComplete, pages: session.connection.pagesInLog)
      facts.walPinnedBy = isComplete ? [] : LockHolder.holders(of: .reader, session.files).map(\.description)
      noteFacts(trouble: facts.trouble)
      tellOfLog()
    } catch {
      _ = note(error)
    }
  }

  private func tellOfLog() {
    guard logAlarm.note(isAlarming: facts.isWALAlarming) else { return }
    let readers = facts.walPinnedBy.isEmpty ? "a program that reads it" : facts.walPinnedBy.joined(separator: ", ")
    tell("the log has \(facts.walBytes) bytes and can't be emptied: \(readers) holds it; close that program")
  }

  /// Empties the log and closes. Nothing else may be called afterwards.
  ///
  /// - Throws: when the log could not be emptied. Nothing is lost by that: the next start reads it.
  public func close() throws(StoreFailure) {
    let session = session
    lifecycle = .closed
    defer { drop(session) }
    guard let session else { return }
    if let change = session.displacement { throw .moved(change, session.files) }
    headFile.sync()
    try session.files.attempt { () throws(SQLiteFailure) in
      let timeout = options.busyTimeoutMilliseconds
      _ = try session.connection.checkpoint(.truncate, busyTimeoutMilliseconds: timeout)
      // Only now: the last connection removes log and shared memory, so that state.db alone is the whole database.
      try session.connection.checkpointOnClose()
    }
  }
}
