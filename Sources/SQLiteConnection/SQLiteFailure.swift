import CSQLite

/// What SQLite answered when it did not answer OK. The store turns it into a ``StoreFailure`` for everyone above.
package struct SQLiteFailure: Error, Equatable {
  /// SQLite's extended result code.
  package var code: Int32
  /// SQLite's words.
  package var message: String
  /// What was being done, such as `COMMIT` or `open`.
  package var during: String
  /// errno of the last system call that failed, where SQLite kept it; 0 otherwise.
  package var systemError: Int32 = 0

  package var primaryCode: Int32 { code & 0xFF }

  /// Whether rows or pages can't be trusted, as opposed to a disk, lock or permission that stands in the way.
  package var isDamage: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

  package init(code: Int32, message: String, during: String, systemError: Int32 = 0) {
    self.code = code
    self.message = message
    self.during = during
    self.systemError = systemError
  }

  /// Takes code and words from `database`, or the code's general words when it could not be opened at all.
  package init(_ code: Int32, _ database: OpaquePointer?, during: String) {
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

// Failures that callers recognise or report in SQLite's words, so that its constants stay in this target.
extension SQLiteFailure {
  /// Another connection holds a lock that is needed.
  package var isBusy: Bool { primaryCode == SQLITE_BUSY }

  /// The device or file system reported an error.
  package var isIOError: Bool { primaryCode == SQLITE_IOERR }

  /// The statement does not fit the schema: a table or column that it names does not exist.
  package var isSchemaMismatch: Bool { primaryCode == SQLITE_ERROR }

  /// The content of the database contradicts itself.
  package static func corrupt(_ message: String, during: String) -> SQLiteFailure {
    SQLiteFailure(code: SQLITE_CORRUPT, message: message, during: during)
  }

  /// What only damaged pages give: a key that does not ascend, or that is larger than any that is given.
  package static func rowOutOfPlace(_ id: Int64) -> SQLiteFailure {
    corrupt("row \(id) is out of place", during: "read of the rows")
  }

  /// What was opened is a file, and not our database.
  package static func noDatabase(_ reason: String) -> SQLiteFailure {
    SQLiteFailure(code: SQLITE_NOTADB, message: reason, during: "open")
  }

  /// A value is larger than a database takes.
  package static func tooBig(_ message: String, during: String) -> SQLiteFailure {
    SQLiteFailure(code: SQLITE_TOOBIG, message: message, during: during)
  }

  /// SQLite did not do what it was asked to do.
  package static func misuse(_ message: String, during: String) -> SQLiteFailure {
    SQLiteFailure(code: SQLITE_MISUSE, message: message, during: during)
  }

  /// - Parameter systemError: errno of the call that failed.
  package static func cannotOpen(_ message: String, during: String, systemError: Int32) -> SQLiteFailure {
    SQLiteFailure(code: SQLITE_CANTOPEN, message: message, during: during, systemError: systemError)
  }
}
