import CSQLite
package import Documents

/// A prepared statement. Used by its connection's thread only; it lives as long as the connection.
package final class Statement {
  private let statement: OpaquePointer
  private let database: OpaquePointer
  private let sql: String

  /// Whether something but white space followed the statement.
  package let hasMore: Bool

  /// - Parameter isKept: for a text that is run again and again; tells SQLite to plan with more care.
  package init(_ sql: String, on database: OpaquePointer, isKept: Bool = true) throws(SQLiteFailure) {
    var prepared: OpaquePointer?
    let flags = isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
    let (code, rest) = sql.withCString { text in
      var end: UnsafePointer<CChar>?
      let code = sqlite3_prepare_v3(database, text, -1, flags, &prepared, &end)
      return (code, end.map { String(cString: $0) } ?? "")
    }
    guard code == SQLITE_OK else { throw SQLiteFailure(code, database, during: "prepare of \(sql)") }
    guard let prepared else {
      throw SQLiteFailure(code: SQLITE_MISUSE, message: "there is no statement", during: "prepare of \(sql)")
    }
    statement = prepared
    hasMore = !rest.utf8.allSatisfy { $0 <= 0x20 || $0 == UInt8(ascii: ";") }
    self.database = database
    self.sql = sql
  }

  /// Must be called before the connection closes, and be the last call.
  package func finalize() {
    sqlite3_finalize(statement)
  }

  // Binding. Parameters count from 1.

  package func bind(_ value: Int64, at index: Int32) throws(SQLiteFailure) {
    try check(sqlite3_bind_int64(statement, index, value))
  }

  package func bind(_ value: Int64?, at index: Int32) throws(SQLiteFailure) {
    guard let value else { return try check(sqlite3_bind_null(statement, index)) }
    try bind(value, at: index)
  }

  /// SQLite copies the text.
  package func bind(_ text: String, at index: Int32) throws(SQLiteFailure) {
    try check(text.withCString { afterimage_bind_text_copied(statement, index, $0, UInt64(text.utf8.count)) })
  }

  package func bind(_ text: String?, at index: Int32) throws(SQLiteFailure) {
    guard let text else { return try check(sqlite3_bind_null(statement, index)) }
    try bind(text, at: index)
  }

  /// SQLite reads the bytes in place: they must stay until ``reset()``.
  package func bind(borrowed text: UnsafeBufferPointer<UInt8>, at index: Int32) throws(SQLiteFailure) {
    guard let start = text.baseAddress else { return try bind("", at: index) }
    try check(afterimage_bind_text_borrowed(statement, index, start, UInt64(text.count)))
  }

  // Running.

  /// Whether it can't write to the database.
  package var onlyReads: Bool { sqlite3_stmt_readonly(statement) != 0 }

  /// True while there is a row.
  package func step() throws(SQLiteFailure) -> Bool {
    let code = sqlite3_step(statement)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw SQLiteFailure(code, database, during: sql)
    }
  }

  /// Forgets row and parameters. It repeats the error of the step before it, which has been thrown already.
  package func reset() {
    sqlite3_reset(statement)
    sqlite3_clear_bindings(statement)
  }

  /// Runs a statement that gives no rows to its end.
  package func run() throws(SQLiteFailure) {
    defer { reset() }
    while try step() {}
  }

  // The row. Columns count from 0.

  package func integer(_ column: Int32) -> Int64 {
    sqlite3_column_int64(statement, column)
  }

  package func isNull(_ column: Int32) -> Bool {
    sqlite3_column_type(statement, column) == SQLITE_NULL
  }

  package func bytes(_ column: Int32) -> [UInt8] {
    // The pointer must be asked for first: that is what may convert the value and so change its size.
    guard let start = sqlite3_column_text(statement, column) else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
  }

  package func text(_ column: Int32) -> String {
    String(decoding: bytes(column), as: UTF8.self)
  }

  package var columnNames: [String] {
    (0..<sqlite3_column_count(statement)).map { sqlite3_column_name(statement, $0).map { String(cString: $0) } ?? "" }
  }

  /// The whole row. A BLOB is taken for text.
  package var values: [JSONValue] {
    (0..<sqlite3_column_count(statement)).map { column in
      switch sqlite3_column_type(statement, column) {
      case SQLITE_NULL: .null
      case SQLITE_INTEGER: .int(integer(column))
      case SQLITE_FLOAT: .double(sqlite3_column_double(statement, column))
      default: .string(text(column))
      }
    }
  }

  private func check(_ code: Int32) throws(SQLiteFailure) {
    guard code == SQLITE_OK else { throw SQLiteFailure(code, database, during: "bind to \(sql)") }
  }
}
