extension Connection {
  /// Runs `body` within BEGIN IMMEDIATE and COMMIT. After an error nothing of it is there, except when COMMIT itself
  /// failed: then it may be there or not (``SQLiteFailure/leavesOutcomeUnknown``).
  package func transaction<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(SQLiteFailure) -> Value {
    try execute("BEGIN IMMEDIATE")
    do throws(SQLiteFailure) {
      let value = try body()
      try execute("COMMIT")
      return value
    } catch {
      // SQLite rolls back by itself after some errors; asking again is no harm.
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }
}

extension SQLiteFailure {
  /// A COMMIT that failed may be on disk after a restart all the same.
  package var leavesOutcomeUnknown: Bool { during == "COMMIT" }
}
