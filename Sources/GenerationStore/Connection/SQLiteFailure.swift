import CSQLite

/// What SQLite answered when it did not answer OK. Internal; ``StoreFailure`` is what leaves this target.
struct SQLiteFailure: Error, Equatable {
  /// SQLite's extended result code.
  var code: Int32
  /// SQLite's words.
  var message: String
  /// What was being done, such as `COMMIT` or `open`.
  var during: String
  /// errno of the last system call that failed, where SQLite kept it; 0 otherwise.
  var systemError: Int32 = 0

  var primaryCode: Int32 { code & 0xFF }

  /// Whether rows or pages can't be trusted, as opposed to a disk, lock or permission that stands in the way.
  var isDamage: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

  init(code: Int32, message: String, during: String, systemError: Int32 = 0) {
    self.code = code
    self.message = message
    self.during = during
    self.systemError = systemError
  }

  /// Takes code and words from `database`, or the code's general words when it could not be opened at all.
  init(_ code: Int32, _ database: OpaquePointer?, during: String) {
    self.code = database.map(sqlite3_extended_errcode) ?? code
    if self.code & 0xFF == SQLITE_OK { self.code = code }
    message = String(cString: database.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
    self.during = during
    let primary = self.code & 0xFF
    // SQLite keeps the errno of the last failed call for these two only; for others it is an old one.
    if let database, primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN {
      systemError = sqlite3_system_errno(database)
    }
  }
}

extension SQLiteFailure {
  /// What only damaged pages give: a key that does not ascend, or that nobody can have counted to.
  static func rowOutOfPlace(_ id: Int64) -> SQLiteFailure {
    SQLiteFailure(code: SQLITE_CORRUPT, message: "row \(id) is out of place", during: "read of the rows")
  }

  /// What was opened is a file, and not our database.
  static func noDatabase(_ reason: String) -> SQLiteFailure {
    SQLiteFailure(code: SQLITE_NOTADB, message: reason, during: "open")
  }
}
