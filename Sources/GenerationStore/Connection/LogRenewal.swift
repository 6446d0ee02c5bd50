// Why a log that is found is copied before SQLite opens it, and why nothing is lost by that.
//
// After a sync that failed, Linux shows the pages that it could not write as if they were written, and no later sync
// writes them. The process may have ended right after that failure, so every log that a start finds may have such pages:
// readable now, gone after a power loss. SQLite must not build on them. If it moved them into the database, a power loss
// could leave pages of the newest transaction in the database beside a log that ends before it, whose older pages would
// then be laid over those. If it appended to them, what it acknowledged would end with them.
//
// So the log is written once more, to a new file: copy, sync, rename over the old name, sync of the folder. Only then
// does SQLite open it.
//
//     power loss            | a start finds
//     ----------------------|----------------------------------------------------------------------------------
//     before the rename     | the old log, of which not one byte was touched: everything that was acknowledged
//     until the folder is   | the old log or the new one. The new one is synced and holds what the kernel showed of
//     synced                | the old one, which is all that was acknowledged, or more
//     after that            | the new log
//
// Nothing is appended or moved before the folder is synced, so nothing that is acknowledged depends on a name that is
// not yet on disk. Writing the log over itself, as was done before, had no such argument: a sector that is torn in that
// write may hold garbage, and takes acknowledged transactions with it.
//
// The rename happens while no connection of any process has the database open (``DatabaseLock``). A connection that
// had the old file open would share the index in `-shm` with connections on the new file, and would soon read other
// pages than the index says. The `-shm` file that is left behind does no harm: the first connection that opens the
// database after that finds no other one, and builds the index again from the log that lies there.
//
// A connection of another process that stays open through a start (a shell, say) keeps the log from being renewed. Then
// the machine has not lost power since, and the log is used as it is, unless this process has seen a sync fail: then it
// does not store before that connection is closed.

import DatabaseForensics
import DurableFiles
import PersistenceMessages
import SQLiteConnection

extension DatabaseFiles {
  /// Whether SQLite takes the database's first page from the log. Only for a process that does not have it open.
  var hasFirstPageInLog: Bool {
    guard let bytes = (try? DurableFile.read(log, limit: 1 << 30)) ?? nil, let frames = LogFrames(bytes) else {
      return false
    }
    return frames.all.prefix(frames.committed).contains { $0.page == 1 }
  }
}

/// Looks at the log that lies beside the database, before SQLite opens either.
struct LogPreparation {
  enum Outcome: Equatable {
    /// There is nothing in a log.
    case noLog
    case renewed
    /// It belongs to another database, and was moved to this folder.
    case setAside(folder: String, because: String)
  }

  var files: DatabaseFiles
  var options: StoreOptions

  func run() throws(StoreFailure) -> Outcome {
    guard let database = DatabaseFiles.size(of: files.database), database > 0,
      let log = DatabaseFiles.size(of: files.log), log > 0
    else { return .noLog }
    let lock: DatabaseLock
    do throws(SQLiteFailure) {
      lock = try DatabaseLock(files.database, vfs: options.vfs)
    } catch {
      throw StoreFailure(error, files)
    }
    return try prepare(holding: lock)
  }

  private func prepare(holding lock: borrowing DatabaseLock) throws(StoreFailure) -> Outcome {
    let found = try onDisk { () throws(FileFailure) in try DurableFile.read(files.log, limit: Self.largestLog) }
    guard let bytes = found else { return .noLog }
    let log = LoggedLink(bytes)
    // SQLite passes over a log without a commit, and begins it again.
    guard log.hasCommits else { return .noLog }
    let beside = try files.attempt { () throws(SQLiteFailure) in
      try BareDatabase(files, header: lock.header(), vfs: options.vfs)
    }
    if let reason = LogOwnership.reasonAgainst(log, beside: beside) { return try setAside(because: reason) }
    try onDisk { () throws(FileFailure) in try options.replaceFile(files.log, bytes).get() }
    return .renewed
  }

  /// Shared memory goes with it. If a crash leaves that behind, it is of no use to any database and does no harm.
  private func setAside(because reason: String) throws(StoreFailure) -> Outcome {
    let folder = try onDisk { () throws(FileFailure) in
      let folder = try Quarantine(files).makeFolder(reason: "foreign-log", now: options.wallClock())
      for path in [files.log, files.sharedMemory] where DatabaseFiles.identity(of: path) != nil {
        try DurableFile.moveDurably(from: path, to: "\(folder)/\(path.dropFirst(files.folder.count + 1))")
      }
      return folder
    }
    return .setAside(folder: folder, because: reason)
  }

  private func onDisk<Value>(_ body: () throws(FileFailure) -> Value) throws(StoreFailure) -> Value {
    do throws(FileFailure) {
      return try body()
    } catch {
      throw StoreFailure(error, files)
    }
  }

  private static let largestLog = 1 << 30
}
