import DatabaseForensics
import Documents

// Rows of the private tables, from records that were found in pages.

extension StoredRows.Generation {
  /// A row of `generation`: its number is the row id and stands as NULL in the record.
  init?(rowID: Int64, record: RowRecord) {
    let kinds = record.kinds
    guard kinds.count == 12, kinds[0] == .null, kinds[11] == .text, rowID > 0,
      let sequence = record.integer(1), let storedAt = record.integer(2), let origin = record.string(3),
      let reason = record.string(4), let actor = record.string(5), let requests = record.integer(6),
      let items = record.integer(7), let bytes = record.integer(8), let keyframe = record.integer(9),
      let checksum = record.integer(10), let manifest = record.text(11)
    else { return nil }
    self.init(
      record: GenerationRecord(
        generation: rowID, sequence: sequence, storedAtUnixMs: storedAt, origin: origin, reason: reason, actor: actor,
        requests: requests, items: items, bytes: bytes, isKeyframe: keyframe != 0),
      checksum: UInt64(bitPattern: checksum), documents: DocumentRanges(json: manifest), manifestBytes: manifest.count)
  }
}

extension StoredRows.Document {
  /// A row of `document`.
  init?(rowID: Int64, record: RowRecord) {
    guard Self.isOne(record), let kind = record.string(1), let name = record.string(2),
      let checksum = record.integer(3), let body = record.text(4)
    else { return nil }
    self.init(id: rowID, kind: kind, name: name, checksum: UInt64(bitPattern: checksum), body: body)
  }

  static func isOne(_ record: RowRecord) -> Bool {
    record.kinds == [.null, .text, .text, .integer, .text]
  }

  var isIntact: Bool { Documents.Document.checksum(kind: kind, name: name, body: body) == checksum }
}
