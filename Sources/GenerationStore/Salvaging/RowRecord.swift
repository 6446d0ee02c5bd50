import Documents

/// A row in SQLite's record format (sqlite.org/fileformat2.html, "Record Format"), read without a schema.
struct RowRecord {
  enum Kind: Equatable {
    case null, integer, real, blob, text
  }

  private struct Column {
    var kind: Kind
    var offset: Int
    var count: Int
  }

  private let bytes: [UInt8]
  private let columns: [Column]

  /// Nil when the bytes are no record. Columns may reach beyond the bytes that are given: only their kinds are known then.
  init?(_ bytes: [UInt8]) {
    var reader = RecordBytes(bytes)
    guard let headerBytes = reader.varint(), headerBytes >= 2, headerBytes <= Self.longestHeader,
      headerBytes <= bytes.count
    else { return nil }
    var columns: [Column] = []
    var offset = Int(headerBytes)
    while reader.position < Int(headerBytes) {
      guard let type = reader.varint(), let (kind, count) = Self.meaning(of: type) else { return nil }
      columns.append(Column(kind: kind, offset: offset, count: count))
      let (next, overflow) = offset.addingReportingOverflow(count)
      guard !overflow else { return nil }
      offset = next
    }
    guard reader.position == Int(headerBytes) else { return nil }
    self.bytes = bytes
    self.columns = columns
  }

  /// Twelve columns of at most nine bytes each, and its own length.
  private static let longestHeader = 120

  private static func meaning(of type: Int64) -> (Kind, Int)? {
    switch type {
    case 0: (.null, 0)
    case 1...4: (.integer, Int(type))
    case 5: (.integer, 6)
    case 6: (.integer, 8)
    case 7: (.real, 8)
    case 8, 9: (.integer, 0)
    case 12...: (type % 2 == 0 ? .blob : .text, Int((type - 12) / 2))
    default: nil
    }
  }

  var kinds: [Kind] { columns.map(\.kind) }

  /// Nil when the column is no integer or reaches beyond the bytes.
  func integer(_ index: Int) -> Int64? {
    let column = columns[index]
    guard column.kind == .integer, column.offset + column.count <= bytes.count else { return nil }
    // Types 8 and 9 are the numbers 0 and 1 without a byte of their own; both end up here with no bytes.
    if column.count == 0 { return constant(index) }
    var value = Int64(Int8(bitPattern: bytes[column.offset]))
    for byte in bytes[(column.offset + 1)..<(column.offset + column.count)] { value = value << 8 | Int64(byte) }
    return value
  }

  private func constant(_ index: Int) -> Int64? {
    var reader = RecordBytes(bytes)
    _ = reader.varint()
    for _ in 0..<index { _ = reader.varint() }
    return reader.varint().map { $0 - 8 }
  }

  /// Nil when the column is no text or reaches beyond the bytes.
  func text(_ index: Int) -> [UInt8]? {
    let column = columns[index]
    guard column.kind == .text, column.offset + column.count <= bytes.count else { return nil }
    return Array(bytes[column.offset..<(column.offset + column.count)])
  }

  func string(_ index: Int) -> String? {
    text(index).map { String(decoding: $0, as: UTF8.self) }
  }
}

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
