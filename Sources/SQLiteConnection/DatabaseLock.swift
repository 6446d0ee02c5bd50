import CSQLite

/// The database's exclusive lock, held without a connection: while it is held no process has the database open, this one
/// included, so that its log can be read and replaced.
package struct DatabaseLock: ~Copyable {
  private var locked: afterimage_locked_database

  /// - Throws: `SQLITE_BUSY` while a connection has the database open, `SQLITE_READONLY` when the file can't be written,
  ///   and what the disk returns.
  package init(_ path: String, vfs: String?) throws(SQLiteFailure) {
    var locked = afterimage_locked_database()
    var systemError: Int32 = 0
    let code = afterimage_lock_database(vfs, path, &locked, &systemError)
    guard code == SQLITE_OK else {
      let primary = code & 0xFF
      throw SQLiteFailure(
        code: code, message: String(cString: sqlite3_errstr(code)), during: "lock of the database",
        systemError: primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN ? systemError : 0)
    }
    self.locked = locked
  }

  deinit {
    var locked = locked
    afterimage_unlock_database(&locked)
  }

  /// The first bytes of the database file itself; zeros beyond its end.
  package func header() throws(SQLiteFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 100)
    let code = bytes.withUnsafeMutableBytes { buffer in
      withUnsafePointer(to: locked) { afterimage_read_locked($0, buffer.baseAddress, Int32(buffer.count), 0) }
    }
    guard code == SQLITE_OK else {
      throw SQLiteFailure(
        code: code, message: String(cString: sqlite3_errstr(code)), during: "read of the database's header")
    }
    return bytes
  }
}
