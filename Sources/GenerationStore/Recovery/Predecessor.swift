import DurableFiles
import PersistenceMessages
import SQLiteConnection

extension GenerationStore {
  /// Most candidates that are read; each may be a large database.
  private static let predecessorsTried = 16

  /// The state that a start can restore from `quarantine/` if the data folder itself has no generation. Earlier
  /// versions moved intact databases there while the disk failed; damaged ones may contain undamaged generations. An
  /// open database without generations takes over the content of the quarantined one: generations, pins, marks and
  /// runs, under their numbers. The quarantined files are kept.
  ///
  /// - Parameter show: the show of the database in the data folder before this start; nil if it was not readable.
  func restorePredecessor(of show: ShowID?) -> GenerationReader.Restoring? {
    guard let files = DatabaseFiles(resolving: options.folder) else { return nil }
    for path in Self.quarantinedDatabases(files).prefix(Self.predecessorsTried) {
      guard
        let reader = try? GenerationReader.open(
          options.reading, databasePath: path, leavingNoTrace: true, vfs: options.vfs)
      else { continue }
      defer { reader.close() }
      guard !reader.isNewerSchema, var restoring = try? reader.restore(), let found = restoring.restored,
        found.rung != .partial
      else { continue }
      let theirs = (try? reader.show()) ?? nil
      let candidate = PredecessorRule.Candidate(show: theirs?.text, newestWhole: found.generation)
      guard PredecessorRule.accepts(candidate, show: show?.text) else { continue }
      tell("the data folder holds no generation; generation \(found.generation) was found in \(path)")
      adopt(reader, theirs)
      restoring.restored?.rung = .predecessor
      // The database in the data folder is undamaged.
      restoring.isStructural = false
      return restoring
    }
    return nil
  }

  /// A rebuilt database that was never installed is complete, while the one beside it may have lost its log.
  private static func quarantinedDatabases(_ files: DatabaseFiles) -> [String] {
    Quarantine(files).incidents.filter { !$0.hasSuffix(Quarantine.anotherShow) }.flatMap { folder in
      ["rebuilt.db", DataFolderLayout.databaseName].map { "\(folder)/\($0)" }
    }.filter { DatabaseFiles.size(of: $0) ?? 0 > 0 }
  }

  private func adopt(_ reader: GenerationReader, _ show: ShowID?) {
    guard let session, session.head == nil else { return }
    do throws(StoreFailure) {
      let (saved, lost) = try session.files.attempt { () throws(SQLiteFailure) in
        let result = try Salvage(source: reader.connection, reading: options.reading).copy(to: session)
        if let show { try show.replace(in: session.connection) }
        return result
      }
      tell("\(saved.count) generations were taken over from it, with their pins and marks; \(lost.count) are damaged")
      // The ring, the head and the show are read again.
      drop()
      self.show = nil
      try openSession()
    } catch {
      tell("its generations could not be taken over: \(error)")
    }
  }
}
