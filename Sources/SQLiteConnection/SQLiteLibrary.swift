import CSQLite

/// The SQLite that this process runs with.
package enum SQLiteLibrary {
  /// Such as `3.40.1`.
  package static var version: String { String(cString: sqlite3_libversion()) }

  /// From SQLite's own generator, which tests can make repeatable.
  package static func randomNumber() -> UInt64 {
    var random: UInt64 = 0
    sqlite3_randomness(8, &random)
    return random
  }
}
