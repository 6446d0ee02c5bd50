public import Documents
public import PersistenceMessages

/// Reads generations, of a running host's database as well as of a stopped one's or a copy. It never writes to the
/// database and never holds a read transaction longer than one call, so that the writer's log is not pinned.
///
/// One thread at a time. Every call blocks for as long as the disk takes.
public final class GenerationReader {
  /// How the database could be opened.
  public enum Access: String, Sendable {
    /// As SQLite does it, beside a writer if there is one.
    case shared
    /// As a file that nobody writes: read-only media without a log.
    case immutable
    /// From a temporary copy of database and log: read-only media with a log.
    case copied
  }

  public let databasePath: String
  public let access: Access
  /// Whether the database's schema is newer than this program: then only the public views are read.
  public let isNewerSchema: Bool

  /// How documents become states: as asked for, or plainly when the database is another program's.
  let documentReading: DocumentReading
  /// Whether the database is another program's than the reading was made for: its documents are taken as they are.
  public let isOfAnotherProgram: Bool
  let connection: Connection
  private let files: DatabaseFiles
  private let copy: TemporaryCopy?

  /// What SQLite's own shell opens to see the same, as long as this reader is open: the path, a URI, or the path of a
  /// private copy.
  package var shellPath: String {
    switch access {
    // A relative path may begin with a dash, and a colon may begin a URI.
    case .shared: databasePath.hasPrefix("/") ? databasePath : "./\(databasePath)"
    case .immutable: Connection.uri(databasePath)
    case .copied: copy?.databasePath ?? databasePath
    }
  }

  /// - Parameters:
  ///   - reading: how documents become states; ``DocumentReading/plain`` for databases of any program.
  ///   - databasePath: of a `state.db`, whose log is read too if it lies beside it.
  ///   - leavingNoTrace: reads without creating `-wal` and `-shm` beside the database. Only for files that no process
  ///     has open, such as damaged ones.
  ///   - besideWriter: whether this process may have the database open for writing. Then it is never copied, because
  ///     closing a file that was read would drop the locks that SQLite holds on it.
  public static func open(
    _ reading: DocumentReading, databasePath: String, leavingNoTrace: Bool = false, besideWriter: Bool = false
  ) throws(StoreFailure) -> GenerationReader {
    try open(reading, databasePath: databasePath, leavingNoTrace: leavingNoTrace, besideWriter: besideWriter, vfs: nil)
  }

  static func open(
    _ reading: DocumentReading, databasePath: String, leavingNoTrace: Bool = false, besideWriter: Bool = false,
    vfs: String?
  ) throws(StoreFailure) -> GenerationReader {
    guard let size = DatabaseFiles.size(of: databasePath) else {
      throw StoreFailure(
        .cannotOpen, "There is no database at \(databasePath)", remedy: "Correct the path.")
    }
    // SQLite deletes a log that lies beside an empty database, even when it opens that only for reading.
    guard size > 0 else {
      throw StoreFailure(SQLiteFailure.noDatabase("it is empty"), DatabaseFiles(naming: databasePath))
    }
    var attempts: [Access] = [.shared, .immutable]
    if let log = DatabaseFiles.size(of: "\(databasePath)-wal"), log > 0 { attempts = [.shared, .copied] }
    if leavingNoTrace { attempts.removeFirst() }
    if besideWriter { attempts.removeAll { $0 == .copied } }
    var failure: StoreFailure?
    for access in attempts {
      do throws(StoreFailure) {
        return try GenerationReader(reading, databasePath, access, vfs)
      } catch {
        failure = failure ?? error
        // Only what a file system that can't be written brings about is helped by another way of opening: shared
        // memory can't be made on read-only media, on a full disk or on one that fails.
        guard [.cannotOpen, .readOnly, .full, .io].contains(error.code) else { throw error }
      }
    }
    throw failure ?? StoreFailure(.cannotOpen, databasePath, remedy: "")
  }

  private init(
    _ reading: DocumentReading, _ path: String, _ access: Access, _ vfs: String?
  ) throws(StoreFailure) {
    databasePath = path
    self.access = access
    copy = access == .copied ? try TemporaryCopy(of: path) : nil
    files = DatabaseFiles(naming: path)
    var hasOnlyFirstPage = false
    do throws(SQLiteFailure) {
      connection = try Connection(copy?.databasePath ?? path, access == .immutable ? .immutable : .reader, vfs: vfs)
      let settings = ConnectionSettings(busyTimeoutMilliseconds: 1000)
      // Room for a whole state as one text, as generation_state gives it.
      try settings.guardAgainstContent(of: connection, longestText: 256 << 20)
      let version = try SchemaVersion(of: connection, newestKnown: Migrator(migrations: knownMigrations).newest)
      try settings.applyForReading(to: connection)
      isOfAnotherProgram = try Self.isForeign(connection, to: reading, version)
      documentReading = isOfAnotherProgram ? .plain : reading
      switch version {
      case .known: isNewerSchema = false
      case .newer: isNewerSchema = true
      case .empty:
        hasOnlyFirstPage = try connection.integer("PRAGMA page_count") == 1
        throw SQLiteFailure.noDatabase("it holds no tables")
      case .foreign(let reason): throw SQLiteFailure.noDatabase("it is no Afterimage database: \(reason)")
      }
    } catch {
      // Nothing else will: an object that was not made is not ended either.
      copy?.remove()
      // With its log it would hold tables.
      throw hasOnlyFirstPage ? .logMissing(files) : StoreFailure(error, files)
    }
  }

  /// Schema 1 held shows only. A setting that can't be read is no reason not to read what can be.
  private static func isForeign(
    _ connection: Connection, to reading: DocumentReading, _ version: SchemaVersion
  ) throws(SQLiteFailure) -> Bool {
    guard case .known(let number) = version, number > 1, let views = reading.views else { return false }
    do throws(SQLiteFailure) {
      return try ViewPack.program(of: connection) != views.name
    } catch {
      guard error.isDamage else { throw error }
      return false
    }
  }

  deinit {
    close()
  }

  public func close() {
    connection.close()
    copy?.remove()
  }

  /// All generations, newest first.
  public func list() throws(StoreFailure) -> [GenerationSummary] {
    try reading { () throws(SQLiteFailure) in
      if self.isNewerSchema { return try NewerSchema(connection: self.connection).list() }
      let rows = StoredRows(connection: self.connection)
      let generations = try rows.generations()
      let marks = try rows.readableMarks()
      let newest = generations.last?.record.generation
      return generations.reversed().map {
        GenerationSummary($0.record, marks, isCurrent: $0.record.generation == newest)
      }
    }
  }

  /// The newest generation; nil when there is none.
  public func head() throws(StoreFailure) -> GenerationSummary? {
    try list().first
  }

  /// The state of a generation, checked from the first byte to the last.
  public func load(_ generation: Int64) throws(GenerationReadFailure) -> LoadedGeneration {
    if isNewerSchema { return try loadFromViews(generation) }
    let (reading, summary) = try readingAndSummary(generation)
    guard reading.damaged.isEmpty else {
      throw GenerationReadFailure(code: .damaged, generation: generation, damaged: reading.damaged)
    }
    guard let source = reading.source else {
      throw GenerationReadFailure(code: .damaged, generation: generation, damaged: reading.damaged)
    }
    return LoadedGeneration(summary: summary, source: source)
  }

  /// The documents of a generation that are undamaged.
  public func documents(of generation: Int64) throws(GenerationReadFailure) -> [Document] {
    try readingAndSummary(generation).reading.documents
  }

  /// What is damaged in a generation; empty when it is valid.
  public func verify(_ generation: Int64) throws(GenerationReadFailure) -> [DamagedDocument] {
    if isNewerSchema {
      _ = try loadFromViews(generation)
      return []
    }
    do throws(GenerationReadFailure) {
      return try readingAndSummary(generation).reading.damaged
    } catch {
      guard error.cause?.code == .corrupt, let cause = error.cause else { throw error }
      return [DamagedDocument(generation: generation, document: "manifest", problem: cause.message)]
    }
  }

  /// The newest runs of the host, newest first.
  public func runs(limit: Int = 100) throws(StoreFailure) -> [HostRun] {
    try reading { () throws(SQLiteFailure) in try HostRun.newest(limit, self.connection) }
  }

  public func ringStatus() throws(StoreFailure) -> RingStatus {
    try reading { () throws(SQLiteFailure) in
      let statement = try self.connection.statement(
        """
        SELECT count, capacity, oldest, newest, bytes, (SELECT count(*) FROM generations WHERE pin IS NOT NULL)
        FROM ring_status
        """)
      defer { statement.reset() }
      guard try statement.step() else { throw SQLiteFailure.noDatabase("ring_status is empty") }
      return RingStatus(
        count: Int(statement.integer(0)), capacity: Int(statement.integer(1)), pinned: Int(statement.integer(5)),
        oldest: statement.isNull(2) ? nil : statement.integer(2),
        newest: statement.isNull(3) ? nil : statement.integer(3), bytes: statement.integer(4))
    }
  }

  /// What a query gave: one value a column.
  public struct QueryAnswer: Sendable, Equatable {
    public var columns: [String]
    public var rows: [[JSONValue]]
  }

  /// Runs one statement of an operator, over the public views above all. It can't write.
  ///
  /// - Parameter limit: rows that are read at most.
  public func query(_ sql: String, limit: Int = 100_000) throws(StoreFailure) -> QueryAnswer {
    try files.attempt { () throws(SQLiteFailure) in
      try connection.trustingSchema { () throws(SQLiteFailure) in
        try connection.query(sql) { (statement) throws(SQLiteFailure) in
          var answer = QueryAnswer(columns: statement.columnNames, rows: [])
          while answer.rows.count < limit, try statement.step() { answer.rows.append(statement.values) }
          return answer
        }
      }
    }
  }

  /// A whole copy of the database, as of now, in one file; a running writer is not disturbed.
  ///
  /// - Parameter path: of a file that does not exist; it gets mode 0600 and is synced.
  public func backUp(to path: String) throws(StoreFailure) {
    do throws(SQLiteFailure) {
      try DatabaseCopy.make(of: connection, at: path)
    } catch {
      throw StoreFailure(error, files)
    }
  }

  /// SQLite's own words on what is wrong with pages and references; empty when nothing is. Reads the whole file.
  public func integrityProblems() throws(StoreFailure) -> [String] {
    try reading { () throws(SQLiteFailure) in
      var problems: [String] = []
      for check in ["PRAGMA integrity_check(100)", "PRAGMA foreign_key_check"] {
        let statement = try self.connection.statement(check)
        defer { statement.reset() }
        while try statement.step() {
          let words = statement.text(0)
          if words != "ok" {
            problems.append(check.hasSuffix("foreign_key_check") ? "\(words): a reference leads nowhere" : words)
          }
        }
      }
      return problems
    }
  }

  // Within the target.

  func show() throws(StoreFailure) -> ShowID? {
    guard !isNewerSchema else { return nil }
    return try reading { () throws(SQLiteFailure) in try ShowID.read(from: self.connection) }
  }

  func generationReading(_ generation: Int64) throws(SQLiteFailure) -> GenerationReading? {
    try inTransaction { () throws(SQLiteFailure) in
      try GenerationReading(generation, StoredRows(connection: self.connection), self.documentReading)
    }
  }

  private func readingAndSummary(
    _ generation: Int64
  ) throws(GenerationReadFailure) -> (reading: GenerationReading, summary: GenerationSummary) {
    do throws(SQLiteFailure) {
      let found = try inTransaction { () throws(SQLiteFailure) -> (GenerationReading, GenerationSummary)? in
        let rows = StoredRows(connection: self.connection)
        guard let reading = try GenerationReading(generation, rows, self.documentReading) else { return nil }
        let newest = try self.connection.integer("SELECT max(generation) FROM generation")
        let marks = try rows.readableMarks()
        return (reading, GenerationSummary(reading.row.record, marks, isCurrent: generation == newest))
      }
      if let found { return found }
    } catch {
      throw GenerationReadFailure(code: .failed, generation: generation, cause: StoreFailure(error, files))
    }
    throw GenerationReadFailure(code: .unknown, generation: generation)
  }

  private func loadFromViews(_ generation: Int64) throws(GenerationReadFailure) -> LoadedGeneration {
    do throws(SQLiteFailure) {
      let loaded = try inTransaction { () throws(SQLiteFailure) in
        try self.connection.trustingSchema { () throws(SQLiteFailure) in
          try NewerSchema(connection: self.connection).load(generation, self.documentReading)
        }
      }
      if let loaded { return loaded }
    } catch {
      throw GenerationReadFailure(code: .failed, generation: generation, cause: StoreFailure(error, files))
    }
    throw GenerationReadFailure(code: .unknown, generation: generation)
  }

  func reading<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(StoreFailure) -> Value {
    try files.attempt { () throws(SQLiteFailure) in try inTransaction(body) }
  }

  /// One moment of the database for all of `body`.
  private func inTransaction<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(SQLiteFailure) -> Value {
    try connection.execute("BEGIN")
    defer { try? connection.execute("COMMIT") }
    return try body()
  }
}
