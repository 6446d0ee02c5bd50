import Documents
import PersistenceMessages
import SQLiteConnection

/// Copies undamaged generations from a database that SQLite finds damaged.
struct Salvage {
  /// The damaged database, which is only read.
  let source: Connection
  let reading: DocumentReading

  /// The numbers of all generations whose rows can be found, ascending: from both ends to where the pages are broken,
  /// and one by one in between.
  func generationNumbers() throws(SQLiteFailure) -> [Int64] {
    let (ascending, isWhole) = try scan("SELECT generation FROM generation ORDER BY generation")
    if isWhole { return Set(ascending).sorted() }
    let (descending, _) = try scan("SELECT generation FROM generation ORDER BY generation DESC")
    var numbers = Set(ascending + descending)
    if let low = ascending.last ?? descending.last.map({ max(1, $0 - Self.probes) }), let high = descending.last,
      low < high
    {
      for number in max(low, high - Self.probes)...high where !numbers.contains(number) {
        if try isThere(number) { numbers.insert(number) }
      }
    }
    return numbers.sorted()
  }

  /// Most look-ups in between: far more than a ring has generations.
  private static let probes: Int64 = 10_000

  private func scan(_ sql: String) throws(SQLiteFailure) -> (numbers: [Int64], isWhole: Bool) {
    var numbers: [Int64] = []
    do throws(SQLiteFailure) {
      let statement = try source.statement(sql)
      defer { statement.reset() }
      while try statement.step() {
        // Damaged keys may have any value; valid ones are at least 1.
        let number = statement.integer(0)
        if number > 0, number < HighWaterMark.bound { numbers.append(number) }
      }
      return (numbers, true)
    } catch {
      guard error.isDamage else { throw error }
      return (numbers, false)
    }
  }

  private func isThere(_ number: Int64) throws(SQLiteFailure) -> Bool {
    do throws(SQLiteFailure) {
      let statement = try source.statement("SELECT generation FROM generation WHERE generation = ?1")
      defer { statement.reset() }
      try statement.bind(number, at: 1)
      return try statement.step()
    } catch {
      guard error.isDamage else { throw error }
      return false
    }
  }

  /// Copies every valid generation with its documents, marks and the host's runs, under the same numbers.
  ///
  /// - Parameters:
  ///   - target: a database with the newest schema, in which neither their numbers nor their documents' are used.
  ///   - withRuns: false for a database that has runs of its own.
  /// - Returns: the numbers of the generations that were copied, and of those that were not.
  func copy(to target: StoreSession, withRuns: Bool = true) throws(SQLiteFailure) -> (saved: [Int64], lost: [Int64]) {
    let rows = StoredRows(connection: source)
    var saved: [Int64] = []
    var lost: [Int64] = []
    try target.transaction { () throws(SQLiteFailure) in
      for number in try generationNumbers() {
        guard let reading = try valid(number, rows), let documents = reading.row.documents else {
          lost.append(number)
          continue
        }
        for range in documents.ranges {
          for document in try rows.documents(range) { try target.insertIfMissing(document) }
        }
        try target.insert(reading.row.record, reading.row.checksum, documents.json)
        saved.append(number)
      }
      try copyMarks(of: Set(saved), rows, to: target)
      if withRuns { try copyRuns(to: target) }
    }
    return (saved, lost)
  }

  private func valid(_ number: Int64, _ rows: StoredRows) throws(SQLiteFailure) -> GenerationReading? {
    do throws(SQLiteFailure) {
      guard let found = try GenerationReading(number, rows, reading), found.damaged.isEmpty else { return nil }
      return found
    } catch {
      guard error.isDamage else { throw error }
      return nil
    }
  }

  func copyMarks(
    of generations: Set<Int64>, _ rows: StoredRows, to target: StoreSession
  ) throws(SQLiteFailure) {
    let marks = try rows.readableMarks()
    let statement = try target.connection.statement(
      "INSERT OR IGNORE INTO generation_mark(generation, mark, label, marked_at_unix_ms) VALUES (?1, ?2, ?3, ?4)")
    for mark in marks where generations.contains(mark.generation) {
      try statement.bind(mark.generation, at: 1)
      try statement.bind(mark.word, at: 2)
      try statement.bind(mark.label, at: 3)
      try statement.bind(mark.markedAtUnixMs, at: 4)
      try statement.run()
    }
  }

  func copyRuns(to target: StoreSession) throws(SQLiteFailure) {
    let runs = try HostRun.readable(GenerationStore.runsKept, source)
    try (try? RunBoots(source))?.copy(to: target.connection)
    let statement = try target.connection.statement(
      """
      INSERT OR IGNORE INTO host_run(run, started_at_unix_ms, ended_at_unix_ms, ending, generation, healthy_at_unix_ms)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      """)
    for run in runs {
      try statement.bind(run.run, at: 1)
      try statement.bind(run.startedAtUnixMs, at: 2)
      try statement.bind(run.endedAtUnixMs, at: 3)
      try statement.bind(run.ending.rawValue, at: 4)
      try statement.bind(run.generation, at: 5)
      try statement.bind(run.healthyAtUnixMs, at: 6)
      try statement.run()
    }
  }
}

extension StoreSession {
  /// Copies a document under its own id, because generations share documents.
  fileprivate func insertIfMissing(_ document: StoredRows.Document) throws(SQLiteFailure) {
    let statement = try connection.statement(
      "INSERT OR IGNORE INTO document(document, kind, name, checksum, body) VALUES (?1, ?2, ?3, ?4, ?5)")
    try document.body.withUnsafeBufferPointer { (bytes) throws(SQLiteFailure) in
      try statement.bind(document.id, at: 1)
      try statement.bind(document.kind, at: 2)
      try statement.bind(document.name, at: 3)
      try statement.bind(Int64(bitPattern: document.checksum), at: 4)
      try statement.bind(borrowed: bytes, at: 5)
      try statement.run()
    }
  }
}
