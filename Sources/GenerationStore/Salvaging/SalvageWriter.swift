import Documents
import DurableFiles
import PersistenceMessages
import SQLiteConnection

/// Stores salvaged generations in a new database, in ascending order and under their own numbers. Documents get new ids,
/// so that those which share one are neighbours, as the format demands (GenerationRecord.swift): that would not be so if
/// generations between them were lost and the old ids stayed.
final class SalvageWriter {
  private let session: StoreSession
  private let files: DatabaseFiles

  init(
    _ reading: DocumentReading, folder: String, retention: RetentionPolicy, show: ShowID?,
    wallClock: @escaping @Sendable () -> Int64
  ) throws(StoreFailure) {
    guard let files = DatabaseFiles(resolving: folder) else {
      throw StoreFailure(.cannotOpen, "There is no folder \(folder)", remedy: "Create it.")
    }
    self.files = files
    var options = StoreOptions(reading, folder: folder, wallClock: wallClock)
    options.retention = retention
    session = try StoreSession(
      DatabaseOpening(files: files, options: options, migrator: Migrator(migrations: knownMigrations), show: show))
  }

  /// - Parameter documents: of the whole state.
  func append(_ saved: GenerationRecord, _ documents: [Document]) throws(StoreFailure) {
    // What a keyframe parted stays apart.
    var change = ManifestChange(replacesAll: saved.isKeyframe)
    var written: [Document] = []
    let keys = Set(documents.map(\.key))
    change.removed = session.manifest.keys.filter { !keys.contains($0) }
    for document in documents {
      let checksum = document.checksum
      if !saved.isKeyframe, session.manifest[document.key]?.checksum == checksum { continue }
      let id = session.nextDocument + Int64(written.count)
      change.written.append((document.key, DocumentReference(id: id, checksum: checksum)))
      written.append(document)
    }
    let references = session.manifest.ascending(after: change)
    var record = saved
    record.isKeyframe = written.count == documents.count
    try files.attempt { () throws(SQLiteFailure) in
      try session.transaction { () throws(SQLiteFailure) in
        for (document, new) in zip(written, change.written) { try session.insert(document, new.reference) }
        let manifest = DocumentRanges(ascending: references.lazy.map(\.id)).json
        try session.insert(record, record.checksum(over: references), manifest)
      }
    }
    session.manifest.apply(change)
    session.nextDocument += Int64(written.count)
  }

  /// - Parameter partial: those of `generations` that are saved in part: nothing ran healthily on them.
  func copyMarksAndRuns(
    from listed: ListedRows, of generations: Set<Int64>, partial: [Int64]
  ) throws(StoreFailure) {
    try files.attempt { () throws(SQLiteFailure) in
      try listed.copyMarksAndRuns(of: generations, to: session)
      let statement = try session.connection.statement(
        "DELETE FROM generation_mark WHERE generation = ?1 AND mark = 'proven'")
      for generation in partial {
        try statement.bind(generation, at: 1)
        try statement.run()
      }
    }
  }

  /// Leaves one file that holds everything, and the high-water mark beside it.
  func finish(_ mark: HighWaterMark) throws(StoreFailure) {
    defer { session.drop() }
    try files.attempt { () throws(SQLiteFailure) in
      _ = try session.checkpoint(.truncate, busyTimeoutMilliseconds: 0)
      try session.connection.checkpointOnClose()
    }
    let head = HeadFile(path: files.layout.head)
    head.note(mark)
    head.sync()
  }

  func drop() {
    session.drop()
  }
}
