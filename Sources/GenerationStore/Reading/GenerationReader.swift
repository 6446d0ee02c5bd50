public import Documents
public import PersistenceMessages
import SQLiteConnection

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
  let files: DatabaseFiles
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

  func show() throws(StoreFailure) -> ShowID? {
    guard !isNewerSchema else { return nil }
    return try reading { () throws(SQLiteFailure) in try ShowID.read(from: self.connection) }
  }

  func generationReading(_ generation: Int64) throws(SQLiteFailure) -> GenerationReading? {
    try inTransaction { () throws(SQLiteFailure) in
      try GenerationReading(generation, StoredRows(connection: self.connection), self.documentReading)
    }
  }

  func reading<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(StoreFailure) -> Value {
    try files.attempt { () throws(SQLiteFailure) in try inTransaction(body) }
  }

  /// One moment of the database for all of `body`.
  func inTransaction<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(SQLiteFailure) -> Value {
    try connection.execute("BEGIN")
    defer { try? connection.execute("COMMIT") }
    return try body()
  }
}
