import DurableFiles
import PersistenceMessages
import SQLiteConnection

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The fresh database that may replace a damaged or failing one. It is built completely in `successor/` in the data
/// folder, synced and read back there, before the old one is touched. Each attempt uses the same folder, so that an
/// outage leaves no files behind.
struct DatabaseSuccessor {
  /// The source of its content.
  enum Source {
    case nothing
    /// The rows of the old database that SQLite can read.
    case rows
    /// The same, and, if that is not everything, the content of its pages (``PageSalvage``).
    case rowsAndPages
  }

  /// The readable content of the old database.
  var readable = ReplacementRule.Content()
  /// The content that was read back from this one.
  var held = ReplacementRule.Content()
  /// The saved and the lost content, one sentence each.
  var reports: [String] = []
  /// The content found in the pages; nil if they were not searched or contained nothing more.
  var pages: PageSalvage.Result?
  /// Whether the search of the pages was abandoned because the show waits for it.
  var isOverdue = false
  /// The generations that SQLite lists but can't read.
  private var lost: [Int64] = []

  static func files(of opening: DatabaseOpening) -> DatabaseFiles {
    DatabaseFiles(folder: "\(opening.files.folder)/successor")
  }

  /// The files in which the content of the pages is built.
  private static func pageFiles(of opening: DatabaseOpening) -> DatabaseFiles {
    DatabaseFiles(folder: "\(files(of: opening).folder)/pages")
  }

  /// - Throws: if a disk, lock or permission error occurs in either database. Damage in the old one only makes the
  ///   successor smaller.
  static func build(for opening: DatabaseOpening, _ source: Source) throws(StoreFailure) -> DatabaseSuccessor {
    discard(opening)
    do throws(FileFailure) {
      try DataFolder.createFolder(files(of: opening).folder)
    } catch {
      throw StoreFailure(error)
    }
    do throws(StoreFailure) {
      var successor = DatabaseSuccessor()
      try successor.fill(opening, source == .nothing ? nil : reader(opening, &successor.reports))
      if source == .rowsAndPages { try successor.searchPages(opening) }
      successor.held = try readBack(opening)
      // Marks and runs in pages can't be compared; those that were found are in the successor.
      if successor.pages != nil { (successor.readable.marks, successor.readable.runs) = ([], []) }
      return successor
    } catch {
      discard(opening)
      throw error
    }
  }

  /// Removes it; does nothing if there is none.
  static func discard(_ opening: DatabaseOpening) {
    for files in [pageFiles(of: opening), files(of: opening)] where DatabaseFiles.identity(of: files.folder) != nil {
      for path in [files.database, files.log, files.sharedMemory, "\(files.database)-journal", files.layout.head] {
        unlink(path)
      }
      rmdir(files.folder)
    }
  }

  /// Nil if nothing of the old database can be read.
  private static func reader(
    _ opening: DatabaseOpening, _ reports: inout [String]
  ) throws(StoreFailure) -> GenerationReader? {
    // SQLite would delete the log beside a file that is not a database.
    guard DatabaseFiles.identity(of: opening.files.database) != nil, !opening.files.isHeadDestroyed else { return nil }
    do throws(StoreFailure) {
      let reader = try GenerationReader.open(
        opening.options.reading, databasePath: opening.files.database, vfs: opening.options.vfs)
      guard !reader.isNewerSchema else {
        throw .newerSchema(Int64(opening.migrator.newest) + 1, known: opening.migrator.newest, opening.files)
      }
      return reader
    } catch {
      guard error.code.comesFromContent else { throw error }
      reports.append("SQLite can't read the damaged database: \(error.message)")
      return nil
    }
  }

  private mutating func fill(_ opening: DatabaseOpening, _ source: GenerationReader?) throws(StoreFailure) {
    defer { source?.close() }
    var building = opening
    building.files = Self.files(of: opening)
    building.show = opening.show ?? source.flatMap { try? $0.show() }
    let target = try StoreSession(building)
    defer { target.drop() }
    if let source { try copy(opening, source, to: target) }
    // Into one synced file that is complete without a log.
    let isWhole = try building.files.attempt { () throws(SQLiteFailure) in
      try target.connection.checkpoint(.truncate, busyTimeoutMilliseconds: 0)
    }
    guard isWhole else { throw .notWhole("its log could not be emptied", building.files) }
  }

  private mutating func copy(
    _ opening: DatabaseOpening, _ source: GenerationReader, to target: StoreSession
  ) throws(StoreFailure) {
    do throws(StoreFailure) {
      let (saved, lost, readable) = try target.files.attempt { () throws(SQLiteFailure) in
        let salvage = Salvage(source: source.connection, reading: opening.options.reading)
        let (saved, lost) = try salvage.copy(to: target)
        let readable = try ReplacementRule.Content(of: source.connection, generations: Set(saved))
        return (saved, lost, readable)
      }
      (self.readable, self.lost) = (readable, lost)
      reports.append(
        "saved from the old database: \(GenerationNumbers.words(saved)); "
          + "damaged: \(GenerationNumbers.words(lost))")
    } catch {
      guard error.code.comesFromContent else { throw error }
      reports.append("SQLite can't read the damaged database: \(error.message)")
    }
  }

  /// Uses the content of the pages if it is more than the rows.
  private mutating func searchPages(_ opening: DatabaseOpening) throws(StoreFailure) {
    guard readable.generations.isEmpty || !lost.isEmpty else { return }
    let search = PageSalvage(files: opening.files, options: opening.options, show: opening.show)
    do throws(StoreFailure) {
      let folder = Self.pageFiles(of: opening).folder
      guard let found = try search.run(in: folder, betterThan: readable.generations.sorted()) else { return }
      try usePages(opening, found)
    } catch {
      if error.code == .busy { isOverdue = true } else if !error.code.comesFromContent { throw error }
      reports.append(error.description)
    }
  }

  private mutating func usePages(_ opening: DatabaseOpening, _ found: PageSalvage.Result) throws(StoreFailure) {
    let files = Self.files(of: opening)
    do throws(FileFailure) {
      for path in [files.database, files.log, files.sharedMemory] { unlink(path) }
      try DurableFile.moveDurably(from: found.path, to: files.database)
    } catch {
      throw StoreFailure(error)
    }
    pages = found
    readable.generations = Set(found.saved.filter(\.missing.isEmpty).map(\.generation))
    reports.append("the damaged database was searched page by page; \(found.words)")
  }

  private static func readBack(_ opening: DatabaseOpening) throws(StoreFailure) -> ReplacementRule.Content {
    let files = files(of: opening)
    dropCache(of: files.database)
    let reader = try GenerationReader.open(
      opening.options.reading, databasePath: files.database, leavingNoTrace: true, vfs: opening.options.vfs)
    defer { reader.close() }
    if let problem = try reader.integrityProblems().first { throw .notWhole(problem, files) }
    return try files.attempt { () throws(SQLiteFailure) in
      var whole: Set<Int64> = []
      for number in try StoredRows(connection: reader.connection).generations().map(\.record.generation)
      where try reader.generationReading(number)?.damaged.isEmpty == true {
        whole.insert(number)
      }
      return try .init(of: reader.connection, generations: whole)
    }
  }

  /// Drops the file's pages from the cache, so that the next read comes from the disk. No connection may be open on the
  /// file.
  private static func dropCache(of path: String) {
    #if canImport(Glibc)
      let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
      guard file >= 0 else { return }
      posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
      close(file)
    #endif
  }
}

extension ReplacementRule.Content {
  /// - Parameter generations: the undamaged generations; marks of others are ignored.
  init(of connection: Connection, generations: Set<Int64>) throws(SQLiteFailure) {
    self.init(generations: generations)
    let marks = try StoredRows(connection: connection).readableMarks().filter { generations.contains($0.generation) }
    self.marks = Set(marks.map { "\($0.generation) \($0.word) \($0.label ?? "")" })
    runs = Set(try HostRun.readable(GenerationStore.runsKept, connection).map(\.run))
  }
}

extension HostRun {
  /// See ``newest(_:_:)``; empty if their page is damaged.
  static func readable(_ limit: Int, _ connection: Connection) throws(SQLiteFailure) -> [HostRun] {
    do throws(SQLiteFailure) {
      return try newest(limit, connection)
    } catch {
      guard error.isDamage else { throw error }
      return []
    }
  }
}

extension StoreFailure.Code {
  /// Whether the cause is the file's content, and not the disk, a lock or a permission: a retry reads the same content.
  fileprivate var comesFromContent: Bool {
    switch self {
    case .busy, .full, .io, .readOnly, .cannotOpen, .moved, .newerSchema: false
    case .corrupt, .unexpected, .encoding, .invariant: true
    }
  }
}

extension StoreFailure {
  fileprivate static func notWhole(_ why: String, _ files: DatabaseFiles) -> StoreFailure {
    StoreFailure(
      .io, "The fresh database in \(files.folder) is not whole: \(why)",
      remedy: "Check the disk (dmesg shows what the kernel saw). The old database stays where it is.")
  }
}
