import DatabaseForensics
import Documents
import PersistenceMessages
import SQLiteConnection

/// What SQLite itself still reads of a damaged database, from a copy in memory: which generations are listed, their
/// marks, the host's runs and the settings.
struct ListedRows {
  private let connection: Connection

  /// Nil when SQLite can't open it, or finds no tables of ours in it.
  init?(_ image: DatabaseImage) {
    guard let merged = image.merged, let connection = try? Connection(":memory:", .copy) else { return nil }
    self.connection = connection
    do throws(SQLiteFailure) {
      try connection.adopt(merged)
      try ConnectionSettings(busyTimeoutMilliseconds: 0)
        .guardAgainstContent(of: connection, longestText: StoreOptions.longestText)
      try connection.execute("PRAGMA cell_size_check = ON")
      _ = try connection.statement("SELECT generation FROM generation")
    } catch {
      connection.close()
      return nil
    }
  }

  func close() {
    connection.close()
  }

  /// All that are listed, ascending; nil when the list is damaged.
  var wholeList: [Int64]? {
    let rows = try? StoredRows(connection: connection).generations()
    return rows.map { $0.map(\.record.generation) }
  }

  /// Those of a damaged list that can be found.
  var findableNumbers: [Int64] { (try? Salvage(source: connection, reading: .plain).generationNumbers()) ?? [] }

  var show: ShowID? { (try? ShowID.read(from: connection)) ?? nil }
  var settings: [String: Int64] { (try? StoredRows(connection: connection).settings()) ?? [:] }
  var hasReadableMarks: Bool { (try? StoredRows(connection: connection).marks()) != nil }
  var hasReadableRuns: Bool { (try? HostRun.newest(1, connection)) != nil }

  func copyMarksAndRuns(of generations: Set<Int64>, to target: StoreSession) throws(SQLiteFailure) {
    let salvage = Salvage(source: connection, reading: .plain)
    try target.transaction { () throws(SQLiteFailure) in
      try salvage.copyMarks(of: generations, StoredRows(connection: connection), to: target)
      try salvage.copyRuns(to: target)
    }
  }
}
