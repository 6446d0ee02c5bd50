import Documents
import SQLiteConnection

/// A database whose private tables are unknown here: what the public views tell, which stay the same.
struct NewerSchema {
  let connection: Connection

  /// Newest first. By position: the first columns of the view are fixed, and views of a program may rename `items`.
  func list() throws(SQLiteFailure) -> [GenerationSummary] {
    let statement = try connection.statement(
      """
      SELECT CAST(round((julianday(stored_at) - 2440587.5) * 86400000.0) AS INTEGER), *
      FROM generations ORDER BY generation DESC
      """)
    defer { statement.reset() }
    var summaries: [GenerationSummary] = []
    while try statement.step() {
      let record = GenerationRecord(
        generation: statement.integer(1), sequence: statement.integer(13), storedAtUnixMs: statement.integer(0),
        origin: statement.text(3),
        reason: statement.text(4), actor: statement.text(5), requests: statement.integer(6),
        items: statement.integer(7), bytes: statement.integer(8), isKeyframe: statement.integer(9) != 0)
      var summary = GenerationSummary(record, [], isCurrent: statement.integer(12) != 0)
      summary.isProven = !statement.isNull(10)
      summary.pin = statement.isNull(11) ? nil : statement.text(11)
      summaries.append(summary)
    }
    return summaries
  }

  /// The state as the view of documents gives it. Nothing is checked, as the newer checksums are not known.
  func load(_ generation: Int64, _ reading: DocumentReading) throws(SQLiteFailure) -> LoadedGeneration? {
    guard let summary = try list().first(where: { $0.generation == generation }) else { return nil }
    let statement = try connection.statement("SELECT kind, name, body FROM generation_documents WHERE generation = ?1")
    defer { statement.reset() }
    try statement.bind(generation, at: 1)
    var documents: [Document] = []
    while documents.count < Document.maximumCount, try statement.step() {
      let key = Document.Key(.init(rawValue: statement.text(0)), statement.text(1))
      documents.append(Document(key, body: statement.bytes(2)))
    }
    guard let source = reading(documents).source else {
      throw .corrupt("no document of it can be read", during: "read of generation \(generation)")
    }
    return LoadedGeneration(summary: summary, source: source)
  }
}
