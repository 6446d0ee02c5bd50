import CSQLite

/// Which of the two ways of syncing a commit. ``full`` keeps what was acknowledged through a power loss.
public enum Durability: String, Sendable, CaseIterable {
  case full
  /// Commits are not synced one by one: the newest generations may be gone after a power loss (not after a crash).
  case normal
}

/// How every connection is set up. A setting that SQLite does not take over is an error: the crash argument of the
/// format rests on each of them.
package struct ConnectionSettings {
  package var busyTimeoutMilliseconds: Int32

  package init(busyTimeoutMilliseconds: Int32) {
    self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
  }

  /// Bytes of a page. A store of one changed document of 250 writes 9 pages whatever their size, so small ones win: 9.4 KB
  /// of log with 1,024 bytes, 18.6 KB with 2,048, 28.8 KB with 4,096 (docs/decisions/0009-document-sharing-and-page-size.md).
  package static let pageSize = 1024
  /// Bytes that the log file keeps after a checkpoint.
  package static let journalSizeLimit = 4 << 20

  /// Before the first statement: nothing that a hostile or foreign file holds may run.
  package func guardAgainstContent(of connection: Connection, longestText: Int32) throws(SQLiteFailure) {
    connection.setBusyTimeout(milliseconds: busyTimeoutMilliseconds)
    // A connection that is dropped after a failure must not write: it could checkpoint into a file that is not ours.
    try connection.configure(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, "NO_CKPT_ON_CLOSE")
    try connection.configure(SQLITE_DBCONFIG_DEFENSIVE, 1, "DEFENSIVE")
    try connection.configure(SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, "TRUSTED_SCHEMA")
    try connection.configure(SQLITE_DBCONFIG_DQS_DML, 0, "DQS_DML")
    try connection.configure(SQLITE_DBCONFIG_DQS_DDL, 0, "DQS_DDL")
    try connection.configure(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, "ENABLE_LOAD_EXTENSION")
    setLimits(of: connection, longestText: longestText)
  }

  private func setLimits(of connection: Connection, longestText: Int32) {
    connection.limit(SQLITE_LIMIT_LENGTH, to: longestText)
    connection.limit(SQLITE_LIMIT_SQL_LENGTH, to: 1 << 20)
    connection.limit(SQLITE_LIMIT_COLUMN, to: 100)
    connection.limit(SQLITE_LIMIT_EXPR_DEPTH, to: 100)
    connection.limit(SQLITE_LIMIT_COMPOUND_SELECT, to: 10)
    connection.limit(SQLITE_LIMIT_FUNCTION_ARG, to: 16)
    connection.limit(SQLITE_LIMIT_ATTACHED, to: 0)
    connection.limit(SQLITE_LIMIT_VARIABLE_NUMBER, to: 32)
    connection.limit(SQLITE_LIMIT_LIKE_PATTERN_LENGTH, to: 100)
    connection.limit(SQLITE_LIMIT_TRIGGER_DEPTH, to: 10)
    connection.limit(SQLITE_LIMIT_WORKER_THREADS, to: 0)
  }

  /// For the one connection that writes. `isNew`: the file is empty, so that the page size can still be chosen.
  package func applyForWriting(to connection: Connection, _ durability: Durability, isNew: Bool) throws(SQLiteFailure) {
    if isNew { try set("page_size", "\(Self.pageSize)", on: connection) }
    try set("journal_mode", "WAL", reads: "wal", on: connection)
    try set(
      "synchronous", durability == .full ? "FULL" : "NORMAL", reads: durability == .full ? "2" : "1", on: connection)
    #if canImport(Darwin)
      try set("fullfsync", "ON", reads: "1", on: connection)
      try set("checkpoint_fullfsync", "ON", reads: "1", on: connection)
    #endif
    try set("wal_autocheckpoint", "0", on: connection)
    try set("journal_size_limit", "\(Self.journalSizeLimit)", on: connection)
    try set("foreign_keys", "ON", reads: "1", on: connection)
    try set("secure_delete", "OFF", reads: "0", on: connection)
    try set("temp_store", "MEMORY", reads: "2", on: connection)
    try applyForReading(to: connection)
    connection.watchLog()
  }

  package func applyForReading(to connection: Connection) throws(SQLiteFailure) {
    try set("mmap_size", "0", on: connection)
    try set("trusted_schema", "OFF", reads: "0", on: connection)
    try set("cell_size_check", "ON", reads: "1", on: connection)
    let timeout = "\(busyTimeoutMilliseconds)"
    guard try connection.text("PRAGMA busy_timeout") == timeout else {
      throw Self.refused("busy_timeout", timeout, nil)
    }
  }

  private func set(
    _ pragma: String, _ value: String, reads expected: String? = nil, on connection: Connection
  ) throws(SQLiteFailure) {
    try connection.execute("PRAGMA \(pragma) = \(value)")
    let now = try connection.text("PRAGMA \(pragma)")
    guard now == expected ?? value else { throw Self.refused(pragma, expected ?? value, now) }
  }

  private static func refused(_ pragma: String, _ expected: String, _ now: String?) -> SQLiteFailure {
    SQLiteFailure(
      code: SQLITE_MISUSE, message: "\(pragma) is \(now ?? "not set") instead of \(expected)",
      during: "PRAGMA \(pragma)")
  }
}
