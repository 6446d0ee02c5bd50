import CSQLite

/// The SQLite that this process runs with.
package enum SQLiteLibrary {
  /// Such as `3.40.1`.
  package static var version: String { String(cString: sqlite3_libversion()) }
}
