import DatabaseForensics
import Documents
import PersistenceMessages

/// Every row of ours that lies anywhere in an image, by number: also in pages that no tree leads to any more. Rows are
/// written once and never changed, so that several finds of one row are the same row.
struct FoundRows: GenerationRows {
  private let cells: LeafCells
  private var generations: [Int64: [LeafCell]] = [:]
  private var documents: [Int64: [LeafCell]] = [:]

  init(_ image: DatabaseImage, _ deadline: SalvageDeadline = .never) throws(StoreFailure) {
    // Larger than any row that is written.
    cells = LeafCells(image: image, largestPayload: Int64(StoreOptions.longestText) + 4096)
    for version in image.versions.indices {
      try deadline.check()
      for cell in cells.cells(of: version) {
        guard let record = RowRecord(cells.beginning(of: cell)) else { continue }
        if StoredRows.Document.isOne(record) {
          documents[cell.rowID, default: []].append(cell)
        } else if record.kinds.count == 12, record.kinds.first == .null {
          generations[cell.rowID, default: []].append(cell)
        }
      }
    }
  }

  /// Ascending.
  var generationNumbers: [Int64] { generations.keys.sorted() }
  var isEmpty: Bool { generations.isEmpty && documents.isEmpty }

  /// The row whose checksum fits, or else the first that can be read at all.
  func generation(_ number: Int64) -> StoredRows.Generation? {
    var first: StoredRows.Generation?
    for cell in generations[number] ?? [] {
      var found: StoredRows.Generation?
      _ = cells.payload(of: cell) { bytes in
        found = RowRecord(bytes).flatMap { StoredRows.Generation(rowID: number, record: $0) }
        return found?.documents != nil
      }
      guard let found else { continue }
      if isSound(found) { return found }
      if first?.documents == nil { first = found }
    }
    return first
  }

  /// Against the checksums that the documents' rows name; the documents themselves are checked when they are read.
  private func isSound(_ row: StoredRows.Generation) -> Bool {
    guard let ranges = row.documents, ranges.count <= Document.maximumCount else { return false }
    let references = ranges.ranges.joined().compactMap { id in
      statedChecksum(of: id).map { DocumentReference(id: id, checksum: $0) }
    }
    return row.record.checksum(over: references) == row.checksum
  }

  private func statedChecksum(of document: Int64) -> UInt64? {
    documents[document]?.first.flatMap { RowRecord(cells.beginning(of: $0))?.integer(3) }.map {
      UInt64(bitPattern: $0)
    }
  }

  /// The row whose checksum fits, or else the first that can be read at all.
  func document(_ id: Int64) -> StoredRows.Document? {
    var first: StoredRows.Document?
    for cell in documents[id] ?? [] {
      var found: StoredRows.Document?
      _ = cells.payload(of: cell) { bytes in
        let document = RowRecord(bytes).flatMap { StoredRows.Document(rowID: id, record: $0) }
        found = document ?? found
        return document?.isIntact ?? false
      }
      guard let found else { continue }
      if found.isIntact { return found }
      first = first ?? found
    }
    return first
  }

  func documents(_ ids: ClosedRange<Int64>) -> [StoredRows.Document] {
    ids.compactMap { document($0) }
  }

  /// The newest undamaged document of each kind and name: what is left when no generation's row is.
  var newestDocuments: [Document] {
    var newest: [Document.Key: Document] = [:]
    for id in documents.keys.sorted() {
      guard let document = document(id), document.isIntact else { continue }
      let key = Document.Key(.init(rawValue: document.kind), document.name)
      newest[key] = Document(key, body: document.body)
    }
    return Array(newest.values)
  }
}
