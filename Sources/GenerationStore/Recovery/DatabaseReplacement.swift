import DurableFiles
import PersistenceMessages

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Puts a fresh database with what could be saved in the place of a damaged one, which goes to quarantine.
///
/// In this order, so that a crash between any two steps loses nothing: the fresh database is built whole and synced
/// beside the quarantined files-to-be (`rebuilding`, then renamed to `rebuilt.db`); the damaged files are moved; the fresh
/// one is moved into their place. A start that finds no `state.db`, but a damaged one in quarantine with a `rebuilt.db`
/// beside it, finishes what is left of that.
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
    /// Whether the search in the pages was given up because the show waits for it.
    var isOverdue = false
  }

  func run(_ damage: GenerationStore.Damage) throws(StoreFailure) -> Outcome {
    do throws(FileFailure) {
      let folder = try Quarantine(files).makeFolder(reason: damage.reason, now: opening.options.wallClock())
      var outcome = Outcome(folder: folder)
      let rebuilt = damage.isSalvaged ? salvage(into: folder, &outcome) : nil
      if let rebuilt { try DurableFile.moveDurably(from: rebuilt, to: "\(folder)/\(Self.finishedName)") }
      try Quarantine(files).moveDatabase(to: folder)
      if rebuilt != nil { try DurableFile.moveDurably(from: "\(folder)/\(Self.finishedName)", to: files.database) }
      outcome.reports.append("the old database was moved to \(folder)")
      return outcome
    } catch {
      throw StoreFailure(error)
    }
  }

  /// Finishes a replacement that a crash interrupted.
  func finish() throws(StoreFailure) -> Outcome {
    guard DatabaseFiles.identity(of: files.database) == nil, let folder = interruptedIncident() else {
      return Outcome()
    }
    do throws(FileFailure) {
      // What is left is the damaged database's, and not another one's, as long as it has none there.
      for name in DatabaseFiles.names where DatabaseFiles.identity(of: "\(files.folder)/\(name)") != nil {
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
    for path in Quarantine(files).paths {
      // Names begin with the time, so the newest comes last.
      for incident in ((try? FolderListing.entries(of: path)) ?? []).map(\.name).sorted().reversed() {
        let folder = "\(path)/\(incident)"
        let parts = [Self.finishedName, DatabaseFiles.databaseName].map {
          DatabaseFiles.identity(of: "\(folder)/\($0)")
        }
        if parts.allSatisfy({ $0 != nil }) { return folder }
      }
    }
    return nil
  }

  /// Builds a database of what can be read of the damaged one. Whatever stands in the way only makes the result smaller:
  /// the damaged files stay, and `afterimage salvage` can be tried on them.
  ///
  /// - Returns: its path; nil when nothing was saved.
  private func salvage(into folder: String, _ outcome: inout Outcome) -> String? {
    let listed = salvageRows(into: "\(folder)/rebuilding", &outcome)
    if let listed, listed.lost.isEmpty, !listed.saved.isEmpty { return listed.path }
    let pages = PageSalvage(files: files, options: opening.options, show: opening.show)
    do throws(StoreFailure) {
      if let found = try pages.run(in: "\(folder)/rebuilding-pages", betterThan: listed?.saved ?? []) {
        outcome.pages = found
        outcome.reports.append("the damaged database was searched page by page; \(found.words)")
        return found.path
      }
    } catch {
      outcome.isOverdue = error.code == .busy
      outcome.reports.append(error.description)
    }
    return listed.flatMap { $0.saved.isEmpty ? nil : $0.path }
  }

  /// What SQLite can read; nil when it can't open the database.
  private func salvageRows(
    into place: String, _ outcome: inout Outcome
  ) -> (path: String, saved: [Int64], lost: [Int64])? {
    // SQLite would delete the log beside it.
    guard !files.isHeadDestroyed else { return nil }
    do throws(StoreFailure) {
      let reader = try GenerationReader.open(
        opening.options.reading, databasePath: files.database, vfs: opening.options.vfs)
      defer { reader.close() }
      guard !reader.isNewerSchema else { return nil }
      guard mkdir(place, 0o700) == 0 else { throw .cannotOpen("creation of \(place)", code: errno, files) }
      var building = opening
      building.files = DatabaseFiles(folder: place)
      let target = try StoreSession(building)
      defer { target.drop() }
      let (saved, lost) = try files.attempt { () throws(SQLiteProblem) in
        let result = try Salvage(source: reader.connection, reading: opening.options.reading).copy(to: target)
        // Into one file that holds everything without its log.
        _ = try target.connection.checkpoint(.truncate, busyTimeoutMilliseconds: 0)
        return result
      }
      outcome.reports.append(
        "saved from the damaged database: \(GenerationNumbers.words(saved)); "
          + "damaged: \(GenerationNumbers.words(lost))")
      return (building.files.database, saved, lost)
    } catch {
      outcome.reports.append("SQLite can't read the damaged database: \(error.message)")
      return nil
    }
  }
}
