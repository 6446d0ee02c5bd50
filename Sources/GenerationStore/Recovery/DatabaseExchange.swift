import DurableFiles
package import PersistenceMessages
import SQLiteConnection

/// Replaces the database in a data folder by a complete one, for `afterimage restore`. The caller holds the folder's
/// lock.
///
/// The order ensures that after a crash between any two steps a start finds either the complete old show or the
/// complete new one: the old files are copied to quarantine; the new database is renamed over the old one; the old log
/// is removed, with its shared memory. A start that finds that log beside the new database detects that it does not
/// belong there (``LogOwnership``), because the new database is a copy without a log.
package struct DatabaseExchange {
  private let files: DatabaseFiles
  private let wallClock: @Sendable () -> Int64

  private static let largestFile = 1 << 30

  package init(folder: String, wallClock: @escaping @Sendable () -> Int64) {
    files = DatabaseFiles(resolving: folder) ?? DatabaseFiles(folder: folder)
    self.wallClock = wallClock
  }

  /// - Parameters:
  ///   - path: the new database, one synced file on the same file system, made by ``GenerationReader/backUp(to:)``. It
  ///     is moved.
  ///   - generation: its newest generation; the high-water mark is raised to it.
  /// - Returns: the folder in quarantine with the former files; nil if there were none.
  /// - Throws: `busy` while a program has the old database open.
  package func run(
    _ path: String, upTo generation: StoredGeneration
  ) throws(StoreFailure) -> String? {
    try refuseOpenDatabase()
    do throws(FileFailure) {
      let kept = try keepWhatIsThere()
      try DurableFile.moveDurably(from: path, to: files.database, replacing: true)
      for path in [files.log, files.sharedMemory] { try DurableFile.remove(path) }
      let head = HeadFile(path: files.layout.head)
      head.note(HighWaterMark(generation))
      head.sync()
      // The counted starts began with another show.
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
      guard error.isBusy else { throw StoreFailure(error, files) }
      let programs = LockHolder.holders(of: .opened, files).map(\.description).joined(separator: ", ")
      throw StoreFailure(
        .busy, "\(programs.isEmpty ? "A program" : programs) has \(files.database) open",
        remedy: "Close it, then repeat the command.")
    }
  }

  /// Copies instead of moving, so that a start finds the old database until the new one is in place.
  private func keepWhatIsThere() throws(FileFailure) -> String? {
    let paths = [files.database, files.log, files.layout.head]
    guard paths.prefix(2).contains(where: { DatabaseFiles.identity(of: $0) != nil }) else { return nil }
    let folder = try Quarantine(files).makeFolder(reason: "before-restore", now: wallClock())
    for path in paths {
      guard let bytes = try DurableFile.read(path, limit: Self.largestFile) else { continue }
      try DurableFile.replace("\(folder)/\(path.dropFirst(files.folder.count + 1))", with: bytes)
    }
    return folder
  }
}
