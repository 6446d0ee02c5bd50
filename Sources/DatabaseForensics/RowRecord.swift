/// A row in SQLite's record format (sqlite.org/fileformat2.html, "Record Format"), read without a schema.
package struct RowRecord {
  package enum Kind: Equatable {
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
  package init?(_ bytes: [UInt8]) {
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

  package var kinds: [Kind] { columns.map(\.kind) }

  /// Nil when the column is no integer or reaches beyond the bytes.
  package func integer(_ index: Int) -> Int64? {
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
  package func text(_ index: Int) -> [UInt8]? {
    let column = columns[index]
    guard column.kind == .text, column.offset + column.count <= bytes.count else { return nil }
    return Array(bytes[column.offset..<(column.offset + column.count)])
  }

  package func string(_ index: Int) -> String? {
    text(index).map { String(decoding: $0, as: UTF8.self) }
  }
}
