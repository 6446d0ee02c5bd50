import CSQLite

/// One SQLite connection and its statements. One thread at a time; SQLite's own mutexes are off (NOMUTEX).
package final class Connection {
  package let path: String
  /// Name of the SQLite VFS; nil for the system's.
  package let vfs: String?
  private let database: OpaquePointer
  private var statements: [String: Statement] = [:]
  private var isClosed = false
  private let log = LogSize()

  private final class LogSize {
    package var pages = 0
  }

  package enum Access {
    /// Reads and writes a file that exists; no link anywhere in its path is followed.
    case writer
    case reader
    /// Reads a file of which the caller knows that nobody writes it; locks, log and shared memory are passed over.
    case immutable
    /// Creates the file or replaces its content; for copies.
    case copy
  }

  package init(_ path: String, _ access: Access, vfs: String? = nil) throws(SQLiteFailure) {
    self.path = path
    self.vfs = vfs
    let common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE
    let (name, flags) =
      switch access {
      case .writer: (path, common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW)
      case .reader: (path, common | SQLITE_OPEN_READONLY)
      case .immutable: (Self.uri(path), common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
      case .copy: (path, common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(name, &opened, flags, vfs)
    guard code == SQLITE_OK, let opened else {
      let problem = SQLiteFailure(code, opened, during: "open of \(path)")
      sqlite3_close_v2(opened)
      throw problem
    }
    database = opened
  }

  deinit {
    close()
  }

  /// Percent-encodes what has a meaning in SQLite's file URIs.
  package static func uri(_ path: String) -> String {
    var text = "file:"
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"), 0...0x20, 0x7F...:
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
      default: text.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return text + "?immutable=1"
  }

  /// The last connection of a database checkpoints as it closes, unless that was switched off.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    for statement in statements.values { statement.finalize() }
    statements = [:]
    sqlite3_close_v2(database)
  }

  // SQL.

  /// Runs one or more statements and passes over their rows.
  package func execute(_ sql: String) throws(SQLiteFailure) {
    let code = sqlite3_exec(database, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw SQLiteFailure(code, database, during: Self.shortened(sql)) }
  }

  /// The prepared form of `sql`, kept for the next time. Only for texts that are literals in the code.
  package func statement(_ sql: String) throws(SQLiteFailure) -> Statement {
    if let statement = statements[sql] { return statement }
    let statement = try Statement(sql, on: database)
    statements[sql] = statement
    return statement
  }

  /// The first column of the first row; nil when there is none or it is NULL.
  package func integer(_ sql: String) throws(SQLiteFailure) -> Int64? {
    let statement = try statement(sql)
    defer { statement.reset() }
    return try statement.step() && !statement.isNull(0) ? statement.integer(0) : nil
  }

  package func text(_ sql: String) throws(SQLiteFailure) -> String? {
    let statement = try statement(sql)
    defer { statement.reset() }
    return try statement.step() && !statement.isNull(0) ? statement.text(0) : nil
  }

  package var isInTransaction: Bool { sqlite3_get_autocommit(database) == 0 }

  // Settings that are no SQL.

  /// Sets a switch (`SQLITE_DBCONFIG_…`) and checks that it took.
  package func configure(_ option: Int32, _ value: Int32, _ name: String) throws(SQLiteFailure) {
    var now: Int32 = -1
    let code = afterimage_db_config(database, option, value, &now)
    guard code == SQLITE_OK else { throw SQLiteFailure(code, database, during: "db_config \(name)") }
    guard now == value else {
      throw SQLiteFailure(code: SQLITE_MISUSE, message: "\(name) is \(now) instead of \(value)", during: "db_config")
    }
  }

  /// Lets the views use SQLite's JSON functions while `body` runs: SQLite up to 3.40 at least marks them as unsafe in a
  /// schema. Only for connections that read: no function of ours exists, and those of SQLite that could do harm need
  /// extensions to be loaded, which is off.
  package func trustingSchema<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(SQLiteFailure) -> Value {
    try configure(SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, "TRUSTED_SCHEMA")
    defer { try? configure(SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, "TRUSTED_SCHEMA") }
    return try body()
  }

  /// Runs one statement that only reads, which is not kept.
  package func query<Value>(_ sql: String, _ body: (Statement) throws(SQLiteFailure) -> Value) throws(SQLiteFailure)
    -> Value
  {
    let statement = try Statement(sql, on: database, isKept: false)
    defer { statement.finalize() }
    guard statement.onlyReads, !statement.hasMore else {
      throw SQLiteFailure(code: SQLITE_MISUSE, message: "one statement that only reads is expected", during: "query")
    }
    return try body(statement)
  }

  package func limit(_ category: Int32, to value: Int32) {
    sqlite3_limit(database, category, value)
  }

  package func setBusyTimeout(milliseconds: Int32) {
    sqlite3_busy_timeout(database, milliseconds)
  }

  /// Whether the file that is open no longer lies at its path.
  package var hasMoved: Bool {
    var moved: Int32 = 0
    return sqlite3_file_control(database, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0
  }

  /// Pages in the write-ahead log as of this connection's last commit; 0 before the first one.
  package var pagesInLog: Int { log.pages }

  /// Keeps ``pagesInLog`` from here on. `PRAGMA wal_autocheckpoint` takes the hook away and must come before.
  package func watchLog() {
    let context = Unmanaged.passUnretained(log).toOpaque()
    sqlite3_wal_hook(
      database,
      { context, _, _, pages in
        // The connection owns the object and outlives its own commits.
        if let context { Unmanaged<LogSize>.fromOpaque(context).takeUnretainedValue().pages = Int(pages) }
        return SQLITE_OK
      }, context)
  }

  package enum CheckpointMode {
    /// Moves what no reader still needs.
    case passive
    /// Moves everything and empties the log.
    case truncate
  }

  /// Moves the log's pages into the database file and syncs it. Waits for nobody.
  ///
  /// - Returns: whether all was done; false when a reader still needs what is in the log.
  package func checkpoint(_ mode: CheckpointMode, busyTimeoutMilliseconds: Int32) throws(SQLiteFailure) -> Bool {
    setBusyTimeout(milliseconds: 0)
    defer { setBusyTimeout(milliseconds: busyTimeoutMilliseconds) }
    var logged: Int32 = 0
    var moved: Int32 = 0
    let flag = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
    let code = sqlite3_wal_checkpoint_v2(database, "main", flag, &logged, &moved)
    if code & 0xFF == SQLITE_BUSY { return false }
    guard code == SQLITE_OK else { throw SQLiteFailure(code, database, during: "checkpoint") }
    if mode == .truncate { log.pages = 0 }
    return moved == logged
  }

  /// From here on closing the last connection checkpoints, and removes log and shared memory.
  package func checkpointOnClose() throws(SQLiteFailure) {
    try configure(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, "NO_CKPT_ON_CLOSE")
  }

  /// Copies the whole database, as of one moment, into the file that `target` has open, and syncs it as `target` is set.
  package func copy(to target: Connection) throws(SQLiteFailure) {
    guard let backup = sqlite3_backup_init(target.database, "main", database, "main") else {
      throw SQLiteFailure(sqlite3_errcode(target.database), target.database, during: "copy to \(target.path)")
    }
    let code = sqlite3_backup_step(backup, -1)
    sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE else { throw SQLiteFailure(code, target.database, during: "copy to \(target.path)") }
  }

  /// Puts a database that lies in memory in the place of this connection's own, for reading only.
  package func adopt(_ image: [UInt8]) throws(SQLiteFailure) {
    let size = Int64(image.count)
    guard let copy = sqlite3_malloc64(UInt64(image.count)) else {
      throw SQLiteFailure(code: SQLITE_NOMEM, message: "no memory for \(size) bytes", during: "copy into memory")
    }
    image.withUnsafeBytes { if let start = $0.baseAddress { copy.copyMemory(from: start, byteCount: $0.count) } }
    // SQLite frees the copy, also when it refuses it.
    let flags = UInt32(SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY)
    let code = sqlite3_deserialize(
      database, "main", copy.assumingMemoryBound(to: UInt8.self), size, size, flags)
    guard code == SQLITE_OK else { throw SQLiteFailure(code, database, during: "reading from memory") }
  }

  private static func shortened(_ sql: String) -> String {
    sql.utf8.count <= 80 ? sql : String(sql.prefix(77)) + "…"
  }
}
