extension Connection {
  /// Runs `body` within BEGIN IMMEDIATE and COMMIT. An error leaves no trace of it, unless COMMIT itself
  /// failed: then the outcome is unknown (``SQLiteFailure/leavesOutcomeUnknown``).
  package func transaction<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(SQLiteFailure) -> Value {
    try execute("BEGIN IMMEDIATE")
    do throws(SQLiteFailure) {
      let value = try body()
      try execute("COMMIT")
      return value
    } catch {
      // SQLite rolls back by itself after some errors.
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }
}

extension SQLiteFailure {
  /// A COMMIT that failed may be on disk after a restart all the same.
  package var leavesOutcomeUnknown: Bool { during == "COMMIT" }
}
