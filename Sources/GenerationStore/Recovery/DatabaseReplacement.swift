import DurableFiles
import PersistenceMessages
import SQLiteConnection

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Puts a whole successor in the place of a database, which goes to quarantine.
///
/// In this order, so that a crash between any two steps loses nothing: the successor is built, synced and read back in
/// a folder of its own (``DatabaseSuccessor``); it is moved into the quarantined folder-to-be (`rebuilt.db`); the old
/// files are moved there; the successor is moved into their place. A start that finds no `state.db`, but an old one in
/// quarantine with a `rebuilt.db` beside it, finishes what is left of that. A disk that fails on the way gets back what
/// was moved.
struct DatabaseReplacement {
  var opening: DatabaseOpening

  private static let finishedName = "rebuilt.db"
  private var files: DatabaseFiles { opening.files }

  struct Outcome {
    /// What the operator should know, in sentences.
    var reports: [String] = []
    /// Where the damaged files are now; nil when nothing was replaced.
    var folder: String?
    /// What was found in the pages; nil when SQLite could read the database.
    var pages: PageSalvage.Result?
    /// Whether the search of the pages was abandoned because the show waits for it.
    var isOverdue = false
  }

  /// Replaces a database that SQLite finds damaged, or that is another show's.
  ///
  /// - Throws: when no whole successor can be made; then the old database lies where it lay.
  func run(_ damage: DatabaseDamage) throws(StoreFailure) -> Outcome {
    let successor: DatabaseSuccessor
    do throws(StoreFailure) {
      successor = try DatabaseSuccessor.build(for: opening, damage.isSalvaged ? .rowsAndPages : .nothing)
    } catch {
      throw StoreFailure(
        error.code,
        "\(files.database) can't be used and stays where it is until a fresh one can be made: \(error.message)",
        remedy: error.remedy)
    }
    let verdict = ReplacementRule.decide(
      successor: successor.held, readable: successor.readable, trial: .damaged)
    guard verdict == .isMoved else { throw lacking(successor) }
    let folder = try install(reason: damage.reason)
    return Outcome(
      reports: successor.reports + ["the old database was moved to \(folder)"], folder: folder,
      pages: successor.pages, isOverdue: successor.isOverdue)
  }

  /// Moves the old database to quarantine and the successor, which was built for this opening, into its place.
  ///
  /// - Returns: where the old files are now.
  func install(reason: String) throws(StoreFailure) -> String {
    let folder: String
    do throws(FileFailure) {
      folder = try Quarantine(files).makeFolder(reason: reason, now: opening.options.wallClock())
    } catch {
      throw StoreFailure(error)
    }
    let rebuilt = "\(folder)/\(Self.finishedName)"
    do throws(FileFailure) {
      try DurableFile.moveDurably(from: DatabaseSuccessor.files(of: opening).database, to: rebuilt)
      try Quarantine(files).moveDatabase(to: folder)
      try DurableFile.moveDurably(from: rebuilt, to: files.database)
    } catch {
      // The last move may have taken effect although its sync failed; then the successor is in its place.
      if DatabaseFiles.identity(of: rebuilt) != nil || DatabaseFiles.identity(of: files.database) == nil {
        takeBack(from: folder)
        throw StoreFailure(error)
      }
    }
    DatabaseSuccessor.discard(opening)
    return folder
  }

  /// A disk that failed in the middle gets back what was moved: the log before the database, because a database without
  /// its log would open as an older one.
  private func takeBack(from folder: String) {
    for name in DataFolderLayout.databaseNames.reversed() where DatabaseFiles.identity(of: "\(folder)/\(name)") != nil {
      guard DatabaseFiles.identity(of: "\(files.folder)/\(name)") == nil else { return }
      try? DurableFile.moveDurably(from: "\(folder)/\(name)", to: "\(files.folder)/\(name)")
      // Moved or not is what counts; the sync may fail as the others did.
      guard DatabaseFiles.identity(of: "\(folder)/\(name)") == nil else { return }
    }
    unlink("\(folder)/\(Self.finishedName)")
    rmdir(folder)
    DatabaseSuccessor.discard(opening)
  }

  private func lacking(_ successor: DatabaseSuccessor) -> StoreFailure {
    StoreFailure(
      .io, "The fresh database for \(files.folder) does not hold all that could be read, so the old one stays",
      remedy: "Check the disk (dmesg shows what the kernel saw).")
  }

  /// Finishes a replacement that a crash interrupted.
  func finish() throws(StoreFailure) -> Outcome {
    guard DatabaseFiles.identity(of: files.database) == nil, let folder = interruptedIncident() else {
      return Outcome()
    }
    do throws(FileFailure) {
      // What is left is the damaged database's, and not another one's, as long as it has none there.
      for name in DataFolderLayout.databaseNames where DatabaseFiles.identity(of: "\(files.folder)/\(name)") != nil {
        guard DatabaseFiles.identity(of: "\(folder)/\(name)") == nil else { return Outcome() }
      }
      try Quarantine(files).moveDatabase(to: folder)
      try DurableFile.moveDurably(from: "\(folder)/\(Self.finishedName)", to: files.database)
    } catch {
      throw StoreFailure(error)
    }
    return Outcome(reports: ["the database that was rebuilt before an interruption was put in its place"])
  }

  /// The newest folder in quarantine that holds a damaged database and the one that was to take its place. One that was
  /// rebuilt, but whose damaged database was never moved, was given up for a later attempt.
  private func interruptedIncident() -> String? {
    for folder in Quarantine(files).incidents {
      let parts = [Self.finishedName, DataFolderLayout.databaseName].map {
        DatabaseFiles.identity(of: "\(folder)/\($0)")
      }
      if parts.allSatisfy({ $0 != nil }) { return folder }
    }
    return nil
  }
}
