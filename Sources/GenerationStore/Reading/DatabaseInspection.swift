public import Documents
public import PersistenceMessages
import SQLiteConnection

// What an operator reads of a database beside its generations: runs, ring, queries of their own, copies, SQLite's checks.

extension GenerationReader {
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
}
