import CSQLite
import DurableFiles
package import PersistenceMessages

/// Puts a whole database in the place of the one in a data folder, for `afterimage restore`. The caller holds the
/// folder's lock.
///
/// In this order, so that after a crash between any two steps a start finds the old show whole or the new one whole:
/// the old files are copied to quarantine; the new database is renamed over the old one; the old log is removed, with its
/// shared memory. A start that finds that log beside the new database sees that it does not belong there
/// (``LogOwnership``), because the new database is a copy without a log.
package struct DatabaseExchange {
  private let files: DatabaseFiles
  private let wallClock: @Sendable () -> Int64

  private static let largestFile = 1 << 30

  package init(folder: String, wallClock: @escaping @Sendable () -> Int64) {
    files = DatabaseFiles(resolving: folder) ?? DatabaseFiles(folder: folder)
    self.wallClock = wallClock
  }

  /// - Parameters:
  ///   - path: of the new database, in one synced file on the same file system, made by ``GenerationReader/backUp(to:)``.
  ///     It is moved.
  ///   - generation: its newest one; the high-water mark is raised to it.
  /// - Returns: the folder in quarantine that holds what was there; nil when there was nothing.
  /// - Throws: `busy` while a program has the old database open.
  package func run(
    _ path: String, upTo generation: StoredGeneration
  ) throws(StoreFailure) -> String? {
    try refuseOpenDatabase()
    do throws(FileFailure) {
      let kept = try keepWhatIsThere()
      try DurableFile.moveDurably(from: path, to: files.database, replacing: true)
      for path in [files.log, files.sharedMemory] { try DurableFile.remove(path) }
      let head = HeadFile(path: files.headFile)
      head.note(HighWaterMark(generation))
      head.sync()
      // The starts that were counted began with another show.
      StartCount(folder: files.folder).write(StartTally(starts: 0))
      return kept
    } catch {
      throw StoreFailure(error)
    }
  }

  private func refuseOpenDatabase() throws(StoreFailure) {
    guard let size = DatabaseFiles.size(of: files.database), size > 0 else { return }
    do throws(SQLiteFailure) {
      _ = try DatabaseLock(files.database, vfs: nil)
    } catch {
      guard error.primaryCode == SQLITE_BUSY else { throw StoreFailure(error, files) }
      let programs = LockHolder.holders(of: .opened, files).map(\.description).joined(separator: ", ")
      throw StoreFailure(
        .busy, "\(programs.isEmpty ? "A program" : programs) has \(files.database) open",
        remedy: "Close it, then repeat the command.")
    }
  }

  /// Copies, and does not move: until the new database is in place the old one stays what a start finds.
  private func keepWhatIsThere() throws(FileFailure) -> String? {
    let paths = [files.database, files.log, files.headFile]
    guard paths.prefix(2).contains(where: { DatabaseFiles.identity(of: $0) != nil }) else { return nil }
    let folder = try Quarantine(files).makeFolder(reason: "before-restore", now: wallClock())
    for path in paths {
      guard let bytes = try DurableFile.read(path, limit: Self.largestFile) else { continue }
      try DurableFile.replace("\(folder)/\(path.dropFirst(files.folder.count + 1))", with: bytes)
    }
    return folder
  }
}
