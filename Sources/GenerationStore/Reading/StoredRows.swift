import Documents
import SQLiteConnection

/// Where a generation's rows come from: SQLite, or the pages of a file that it can no longer read.
protocol GenerationRows {
  func generation(_ number: Int64) throws(SQLiteFailure) -> StoredRows.Generation?
  func document(_ id: Int64) throws(SQLiteFailure) -> StoredRows.Document?
  /// Those of the ids that there are, ascending.
  func documents(_ ids: ClosedRange<Int64>) throws(SQLiteFailure) -> [StoredRows.Document]
}

/// The private tables, read row by row. Used by the writer at opening, by readers and by salvage.
struct StoredRows: GenerationRows {
  let connection: Connection

  struct Generation {
    var record: GenerationRecord
    var checksum: UInt64
    /// Nil when it is no manifest.
    var documents: DocumentRanges?
    var manifestBytes: Int
  }

  struct Document {
    var id: Int64
    var kind: String
    var name: String
    var checksum: UInt64
    var body: [UInt8]
  }

  struct Mark {
    var generation: Int64
    var word: String
    var label: String?
    var markedAtUnixMs: Int64
  }

  // All columns, in the table's order: the name of `items` was `layers` before schema 2, and readers meet both.

  /// Ascending by number.
  func generations() throws(SQLiteFailure) -> [Generation] {
    let statement = try connection.statement("SELECT * FROM generation ORDER BY generation")
    defer { statement.reset() }
    var rows: [Generation] = []
    while try statement.step() {
      let row = Self.generation(statement)
      try Self.check(row.record.generation, after: rows.last?.record.generation)
      rows.append(row)
    }
    return rows
  }

  /// Damaged pages may give rows twice, out of order or with ids that nobody gave; whoever counts on them would trap.
  private static func check(_ id: Int64, after earlier: Int64?) throws(SQLiteFailure) {
    guard id > earlier ?? 0, id < HighWaterMark.bound else { throw .rowOutOfPlace(id) }
  }

  func generation(_ number: Int64) throws(SQLiteFailure) -> Generation? {
    let statement = try connection.statement("SELECT * FROM generation WHERE generation = ?1")
    defer { statement.reset() }
    try statement.bind(number, at: 1)
    return try statement.step() ? Self.generation(statement) : nil
  }

  private static func generation(_ statement: Statement) -> Generation {
    let manifest = statement.bytes(11)
    return Generation(
      record: GenerationRecord(
        generation: statement.integer(0), sequence: statement.integer(1), storedAtUnixMs: statement.integer(2),
        origin: statement.text(3), reason: statement.text(4), actor: statement.text(5), requests: statement.integer(6),
        items: statement.integer(7), bytes: statement.integer(8), isKeyframe: statement.integer(9) != 0),
      checksum: UInt64(bitPattern: statement.integer(10)), documents: DocumentRanges(json: manifest),
      manifestBytes: manifest.count)
  }

  func document(_ id: Int64) throws(SQLiteFailure) -> Document? {
    try documents(id...id).first
  }

  /// Those of the ids that there are, ascending.
  func documents(_ ids: ClosedRange<Int64>) throws(SQLiteFailure) -> [Document] {
    let statement = try connection.statement(
      "SELECT document, kind, name, checksum, body FROM document WHERE document BETWEEN ?1 AND ?2 ORDER BY document")
    defer { statement.reset() }
    try statement.bind(ids.lowerBound, at: 1)
    try statement.bind(ids.upperBound, at: 2)
    var rows: [Document] = []
    while try statement.step() {
      let id = statement.integer(0)
      try Self.check(id, after: rows.last?.id)
      guard ids.contains(id) else { throw .rowOutOfPlace(id) }
      rows.append(
        Document(
          id: id, kind: statement.text(1), name: statement.text(2),
          checksum: UInt64(bitPattern: statement.integer(3)), body: statement.bytes(4)))
    }
    return rows
  }

  /// Id and checksum of every document there is, ascending; reads no body.
  func references() throws(SQLiteFailure) -> [DocumentReference] {
    let statement = try connection.statement("SELECT document, checksum FROM document ORDER BY document")
    defer { statement.reset() }
    var references: [DocumentReference] = []
    while try statement.step() {
      let id = statement.integer(0)
      try Self.check(id, after: references.last?.id)
      references.append(DocumentReference(id: id, checksum: UInt64(bitPattern: statement.integer(1))))
    }
    return references
  }

  /// Key and reference of the documents in `ranges`; reads no body.
  func keys(in ranges: DocumentRanges) throws(SQLiteFailure) -> [(
    key: Documents.Document.Key, reference: DocumentReference
  )] {
    let statement = try connection.statement(
      "SELECT document, checksum, kind, name FROM document WHERE document BETWEEN ?1 AND ?2")
    var keys: [(key: Documents.Document.Key, reference: DocumentReference)] = []
    for range in ranges.ranges {
      defer { statement.reset() }
      try statement.bind(range.lowerBound, at: 1)
      try statement.bind(range.upperBound, at: 2)
      while try statement.step() {
        let reference = DocumentReference(id: statement.integer(0), checksum: UInt64(bitPattern: statement.integer(1)))
        keys.append((Documents.Document.Key(.init(rawValue: statement.text(2)), statement.text(3)), reference))
      }
    }
    return keys
  }

  /// As ``marks()``; none when their page is damaged: that must not make a generation unreadable.
  func readableMarks() throws(SQLiteFailure) -> [Mark] {
    do throws(SQLiteFailure) {
      return try marks()
    } catch {
      guard error.isDamage else { throw error }
      return []
    }
  }

  func marks() throws(SQLiteFailure) -> [Mark] {
    let statement = try connection.statement("SELECT generation, mark, label, marked_at_unix_ms FROM generation_mark")
    defer { statement.reset() }
    var marks: [Mark] = []
    while try statement.step() {
      marks.append(
        Mark(
          generation: statement.integer(0), word: statement.text(1),
          label: statement.isNull(2) ? nil : statement.text(2),
          markedAtUnixMs: statement.integer(3)))
    }
    return marks
  }
}
