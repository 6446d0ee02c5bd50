/// What the committed part of a log says of the database that it was begun on, read page by page without SQLite.
struct LoggedLink {
  private(set) var hasCommits = false
  /// The newest one; nil when no page of it is in the log.
  private(set) var link: LogLink?

  init(hasCommits: Bool, link: LogLink?) {
    self.hasCommits = hasCommits
    self.link = link
  }

  init(_ log: [UInt8]) {
    guard let frames = LogFrames(log), frames.committed > 0 else { return }
    hasCommits = true
    for frame in frames.all.prefix(frames.committed).reversed() {
      let leaf = IndexLeaf(log[frame.offset..<(frame.offset + frames.pageSize)])
      link = leaf.text(of: LogLink.setting).flatMap(LogLink.init(text:))
      if link != nil { return }
    }
  }
}

/// A leaf page of an index or of a table WITHOUT ROWID. Format: sqlite.org/fileformat2.html, "B-tree Pages".
private struct IndexLeaf {
  private let page: ArraySlice<UInt8>

  init(_ page: ArraySlice<UInt8>) {
    self.page = page
  }

  /// Of the row that is two short texts, `name` and this one.
  func text(of name: String) -> String? {
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
