public import PersistenceMessages
import SQLiteConnection

// The host's runs, for the crash-loop guard and the operator.
extension GenerationStore {
  /// The number of rows that are kept.
  static let runsKept = 100

  /// Records the start of a run. Earlier runs that are still open are marked as unclean.
  ///
  /// - Parameter generation: the generation that the run starts with; nil if there is none.
  /// - Returns: the run's number.
  public func beginRun(generation: Int64?) throws(StoreFailure) -> Int64 {
    let session = try placedSession()
    let now = options.wallClock()
    return try attempt { () throws(SQLiteFailure) in
      try session.transaction { () throws(SQLiteFailure) in
        try RunBoots.note(options.boot, keeping: Self.runsKept, session.connection)
        try session.connection.execute("UPDATE host_run SET ending = 'unclean' WHERE ending = 'running'")
        let run = (try session.connection.integer("SELECT max(run) FROM host_run WHERE run < 1 << 62") ?? 0) + 1
        let insert = try session.connection.statement(
          "INSERT INTO host_run(run, started_at_unix_ms, ending, generation) VALUES (?1, ?2, 'running', ?3)")
        try insert.bind(run, at: 1)
        try insert.bind(now, at: 2)
        try insert.bind(generation, at: 3)
        try insert.run()
        let prune = try session.connection.statement("DELETE FROM host_run WHERE run <= ?1")
        try prune.bind(run - Int64(Self.runsKept), at: 1)
        try prune.run()
        return run
      }
    }
  }

  /// Records how a run ended. Does nothing if the run is unknown, as in a database that was created meanwhile.
  public func endRun(_ run: Int64, ending: HostRun.Ending) throws(StoreFailure) {
    let session = try placedSession()
    let now = options.wallClock()
    try attempt { () throws(SQLiteFailure) in
      try session.transaction { () throws(SQLiteFailure) in
        let statement = try session.connection.statement(
          "UPDATE host_run SET ended_at_unix_ms = ?2, ending = ?3 WHERE run = ?1")
        try statement.bind(run, at: 1)
        try statement.bind(now, at: 2)
        try statement.bind(ending.rawValue, at: 3)
        try statement.run()
      }
    }
  }

  /// Records that a run has lasted for the proving time. Does nothing if the run is unknown.
  public func markHealthy(_ run: Int64) throws(StoreFailure) {
    let session = try placedSession()
    let now = options.wallClock()
    try attempt { () throws(SQLiteFailure) in
      try session.transaction { () throws(SQLiteFailure) in
        let statement = try session.connection.statement("UPDATE host_run SET healthy_at_unix_ms = ?2 WHERE run = ?1")
        try statement.bind(run, at: 1)
        try statement.bind(now, at: 2)
        try statement.run()
      }
    }
  }
}
