public import Documents
import SQLiteConnection

/// A document of a generation that does not hold what was stored.
public struct DamagedDocument: Sendable, Equatable, CustomStringConvertible {
  public var generation: Int64
  /// `KIND NAME` of a document, `manifest`, or `document 57` when not even that is known.
  public var document: String
  public var problem: String

  public init(generation: Int64, document: String, problem: String) {
    self.generation = generation
    self.document = document
    self.problem = problem
  }

  public var description: String { "generation \(generation), \(document): \(problem)" }

  /// As in `afterimage verify`.
  public var json: JSONValue {
    ["generation": .int(generation), "document": .string(document), "problem": .string(problem)]
  }
}

/// All that could be read of one generation, checked against the validity rule (GenerationRecord.swift).
struct GenerationReading {
  var row: StoredRows.Generation
  /// The undamaged documents.
  var documents: [Document] = []
  /// The state that the undamaged documents make up; nil when nothing of use is left.
  var source: (any DocumentSource)?
  /// Empty when the generation is valid.
  var damaged: [DamagedDocument] = []
  /// Whether SQLite itself found damage: then pages are broken, and nothing may be written into the file any more.
  var isStructural = false

  private var references: [DocumentReference] = []

  /// Nil when there is no such generation.
  ///
  /// - Throws: when the disk or a lock is in the way, and when the generation's own row can't be read.
  init?(_ number: Int64, _ rows: some GenerationRows, _ documentReading: DocumentReading) throws(SQLiteFailure) {
    guard let row = try rows.generation(number) else { return nil }
    self.row = row
    guard let ranges = row.documents, ranges.count <= Document.maximumCount else {
      note("manifest", "it is no list of documents")
      return
    }
    for range in ranges.ranges { try read(range, rows) }
    if damaged.isEmpty, row.record.checksum(over: references) != row.checksum {
      note("manifest", "the generation's checksum does not match its columns and documents")
    }
    assemble(documentReading)
  }

  private mutating func read(_ range: ClosedRange<Int64>, _ rows: some GenerationRows) throws(SQLiteFailure) {
    do throws(SQLiteFailure) {
      let found = try rows.documents(range)
      var next = range.lowerBound
      for document in found {
        for missing in next..<document.id { note("document \(missing)", "it is missing") }
        next = document.id + 1
        check(document)
      }
      for missing in next..<(range.upperBound + 1) { note("document \(missing)", "it is missing") }
    } catch {
      guard error.isDamage else { throw error }
      isStructural = true
      try readOneByOne(range, rows)
    }
  }

  /// Pages are damaged: each row is looked up by itself, so that one page costs its own rows only.
  private mutating func readOneByOne(_ range: ClosedRange<Int64>, _ rows: some GenerationRows) throws(SQLiteFailure) {
    for id in range {
      do throws(SQLiteFailure) {
        if let document = try rows.document(id) { check(document) } else { note("document \(id)", "it is missing") }
      } catch {
        guard error.isDamage else { throw error }
        note("document \(id)", error.message)
      }
    }
  }

  private mutating func check(_ document: StoredRows.Document) {
    references.append(DocumentReference(id: document.id, checksum: document.checksum))
    let key = Document.Key(.init(rawValue: document.kind), document.name)
    let computed = Document.checksum(kind: document.kind, name: document.name, body: document.body)
    guard computed == document.checksum else { return note(key.description, "its checksum does not match its content") }
    documents.append(Document(key, body: document.body))
  }

  private mutating func assemble(_ documentReading: DocumentReading) {
    let reading = documentReading(documents)
    source = reading.source
    for problem in reading.problems {
      let words = problem.key.description
      // A document that failed its check is missing here too; it is named once.
      if !damaged.contains(where: { $0.document == words }) { note(words, problem.detail) }
    }
  }

  private mutating func note(_ document: String, _ problem: String) {
    damaged.append(DamagedDocument(generation: row.record.generation, document: document, problem: problem))
  }
}
