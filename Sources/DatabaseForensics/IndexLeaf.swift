/// A leaf page of an index or of a table WITHOUT ROWID. Format: sqlite.org/fileformat2.html, "B-tree Pages".
package struct IndexLeaf {
  private let page: ArraySlice<UInt8>

  package init(_ page: ArraySlice<UInt8>) {
    self.page = page
  }

  /// Of the row that is two short texts, `name` and this one.
  package func text(of name: String) -> String? {
    guard byte(0) == 0x0A else { return nil }
    let count = word(3)
    guard 8 + 2 * count <= page.count else { return nil }
    for index in 0..<count {
      guard let record = record(at: word(8 + 2 * index)), record.kinds == [.text, .text], record.string(0) == name
      else { continue }
      return record.string(1)
    }
    return nil
  }

  /// Nil for what does not lie whole within the page.
  private func record(at start: Int) -> RowRecord? {
    guard start >= 8, start < page.count else { return nil }
    var reader = RecordBytes(Array(page[(page.startIndex + start)...].prefix(9)))
    guard let payload = reader.varint(), payload > 1, start + reader.position + Int(clamping: payload) <= page.count
    else { return nil }
    return RowRecord(Array(page[(page.startIndex + start + reader.position)...].prefix(Int(payload))))
  }

  private func byte(_ offset: Int) -> UInt8 { page[page.startIndex + offset] }
  private func word(_ offset: Int) -> Int { Int(byte(offset)) << 8 | Int(byte(offset + 1)) }
}
