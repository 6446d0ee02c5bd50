/// One cell of a table's leaf page: a row, as far as it can be told without its tree.
package struct LeafCell {
  /// In ``DatabaseImage/versions``.
  package var version: Int
  package var rowID: Int64
  /// Where the payload begins in the page.
  package var offset: Int
  /// Bytes of the payload, overflow included.
  package var payload: Int
}

/// Finds rows in the leaf pages themselves, wherever they lie: the trees above them, the list of free pages and the
/// schema may be gone. Format: sqlite.org/fileformat2.html, "B-tree Pages". What is found proves itself by its checksums.
package struct LeafCells {
  package let image: DatabaseImage
  /// Bytes of a row beyond which a cell is taken for garbage.
  private let largestPayload: Int64

  package init(image: DatabaseImage, largestPayload: Int64) {
    self.image = image
    self.largestPayload = largestPayload
  }

  /// SQLite keeps at least this much of a page usable; ours reserves nothing.
  private var usable: Int { image.pageSize }

  /// The cells that the page names, in its order; none when it is another kind of page. One whose kind is damaged is
  /// tried as well, since only rows with right checksums count.
  package func cells(of version: Int) -> [LeafCell] {
    let header = image.versions[version].number == 1 ? 100 : 0
    guard !Self.otherKinds.contains(image.byte(version, header)) else { return [] }
    let count = word(version, header + 3)
    guard count > 0, header + 8 + 2 * count <= usable else { return [] }
    return (0..<count).compactMap { cell(version, at: word(version, header + 8 + 2 * $0)) }
  }

  /// Inner pages of indexes and tables, leaves of indexes.
  private static let otherKinds: [UInt8] = [0x02, 0x05, 0x0A]

  private func word(_ version: Int, _ offset: Int) -> Int {
    Int(image.byte(version, offset)) << 8 | Int(image.byte(version, offset + 1))
  }

  private func cell(_ version: Int, at start: Int) -> LeafCell? {
    guard start >= 8, start < usable else { return nil }
    // Two variable-length integers of nine bytes at most.
    var reader = RecordBytes(Array(image.bytes(version, start..<min(usable, start + 18))))
    guard let payload = reader.varint(), let rowID = reader.varint(), payload > 1, payload <= largestPayload else {
      return nil
    }
    let cell = LeafCell(version: version, rowID: rowID, offset: start + reader.position, payload: Int(payload))
    return cell.offset + localBytes(cell) <= usable ? cell : nil
  }

  /// Bytes of the payload within the page.
  private func localBytes(_ cell: LeafCell) -> Int {
    let most = usable - 35
    guard cell.payload > most else { return cell.payload }
    let least = (usable - 12) * 32 / 255 - 23
    let rest = least + (cell.payload - least) % (usable - 4)
    return rest <= most ? rest : least
  }

  /// What stands within the page: enough to tell what kind of row it is.
  package func beginning(of cell: LeafCell) -> [UInt8] {
    Array(image.bytes(cell.version, cell.offset..<(cell.offset + localBytes(cell))))
  }

  /// The whole row, each time with other versions of its overflow pages, until `isRight` says so.
  ///
  /// - Returns: the right one, or else the first that could be put together.
  package func payload(of cell: LeafCell, isRight: ([UInt8]) -> Bool) -> [UInt8]? {
    var first: [UInt8]?
    for attempt in 0..<3 {
      guard let bytes = payload(of: cell, attempt: attempt) else { continue }
      if isRight(bytes) { return bytes }
      first = first ?? bytes
      if cell.payload == localBytes(cell) { break }
    }
    return first
  }

  private func payload(of cell: LeafCell, attempt: Int) -> [UInt8]? {
    let local = localBytes(cell)
    var bytes = beginning(of: cell)
    guard bytes.count < cell.payload else { return bytes }
    guard cell.offset + local + 4 <= usable else { return nil }
    var next = number(cell.version, cell.offset + local)
    bytes.reserveCapacity(cell.payload)
    var remainingPages = cell.payload / (usable - 4) + 1
    while bytes.count < cell.payload, remainingPages > 0, next > 0 {
      let versions = image.versions(of: next, seenFrom: cell.version)
      guard !versions.isEmpty else { return nil }
      let version = versions[min(attempt, versions.count - 1)]
      bytes += image.bytes(version, 4..<min(usable, 4 + cell.payload - bytes.count))
      next = number(version, 0)
      remainingPages -= 1
    }
    return bytes.count == cell.payload ? bytes : nil
  }

  private func number(_ version: Int, _ offset: Int) -> UInt32 {
    image.bytes(version, offset..<(offset + 4)).reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// Reads SQLite's variable-length integers, most significant first, nine bytes at most.
struct RecordBytes {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func varint() -> Int64? {
    var value: UInt64 = 0
    for index in 0..<9 {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      if index == 8 { return Int64(bitPattern: value << 8 | UInt64(byte)) }
      value = value << 7 | UInt64(byte & 0x7F)
      if byte & 0x80 == 0 { return Int64(bitPattern: value) }
    }
    return nil
  }
}
