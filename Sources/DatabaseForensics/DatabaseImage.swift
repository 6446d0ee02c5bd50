/// A damaged database and its log in memory, page by page and in every version that is there. The files are read once
/// and never opened by SQLite, which could write beside them.
package struct DatabaseImage {
  /// One version of one page.
  package struct Page {
    /// Counted from 1.
    package var number: UInt32
    /// Whether it lies in the log.
    package var isLogged: Bool
    /// Where it begins in its file.
    package var offset: Int
  }

  package let database: [UInt8]
  package let log: [UInt8]
  package let pageSize: Int
  /// The log's pages newest first, then those of the database: a newer version is looked at before an older one.
  package let versions: [Page]
  private let frames: LogFrames?
  /// Positions in `versions` by page number, newest first.
  private let places: [UInt32: [Int]]

  /// - Parameters:
  ///   - pageSize: nil to take the one that log or database name.
  ///   - usualPageSize: taken when neither names one.
  package init(database: [UInt8], log: [UInt8], pageSize wanted: Int? = nil, usualPageSize: Int) {
    let frames = LogFrames(log)
    let size = wanted ?? frames?.pageSize ?? Self.pageSize(in: database) ?? usualPageSize
    self.database = database
    self.log = log
    pageSize = size
    self.frames = frames?.pageSize == size ? frames : nil
    var versions = (self.frames?.all ?? []).reversed().map {
      Page(number: $0.page, isLogged: true, offset: $0.offset)
    }
    versions += (0..<(database.count / size)).map {
      Page(number: UInt32($0 + 1), isLogged: false, offset: $0 * size)
    }
    var places: [UInt32: [Int]] = [:]
    for (index, version) in versions.enumerated() { places[version.number, default: []].append(index) }
    self.versions = versions
    self.places = places
  }

  package static func isPageSize(_ size: Int) -> Bool {
    (512...65_536).contains(size) && size & (size - 1) == 0
  }

  private static let magic = Array("SQLite format 3".utf8) + [0]

  /// Whether the bytes begin as a SQLite database does.
  package static func isDatabase(_ bytes: [UInt8]) -> Bool { bytes.count >= 100 && bytes.starts(with: magic) }

  private static func pageSize(in database: [UInt8]) -> Int? {
    guard isDatabase(database) else { return nil }
    let size = database.bigEndian16(at: 16) == 1 ? 65_536 : database.bigEndian16(at: 16)
    return isPageSize(size) ? size : nil
  }

  /// `PRAGMA application_id` as the header has it; nil when this is not a SQLite database.
  package var applicationID: UInt32? {
    Self.isDatabase(database) ? database.bigEndian32(at: 68) : nil
  }

  /// Whether it is what a database is before its first checkpoint, without the log that holds everything else.
  package var isFirstPageAlone: Bool {
    log.isEmpty && Self.isDatabase(database) && database.count == pageSize && database[18] == 2
      && applicationID == 0
  }

  /// The byte `offset` of a version of a page.
  package func byte(_ version: Int, _ offset: Int) -> UInt8 {
    let page = versions[version]
    return page.isLogged ? log[page.offset + offset] : database[page.offset + offset]
  }

  package func bytes(_ version: Int, _ range: Range<Int>) -> ArraySlice<UInt8> {
    let page = versions[version]
    let file = page.isLogged ? log : database
    return file[(page.offset + range.lowerBound)..<(page.offset + range.upperBound)]
  }

  /// Versions of a page, best first for something that stands in `version`: as it was when that was written, then newer
  /// ones from the newest on.
  package func versions(of number: UInt32, seenFrom version: Int) -> [Int] {
    let all = places[number] ?? []
    return all.filter { $0 >= version } + all.filter { $0 < version }
  }

  /// The first 24 bytes of a database are the same for a page size, so damage there can be undone. The versions are 1
  /// instead of 2, because the copy has no log.
  private var header: [UInt8] {
    Self.magic + [UInt8(truncatingIfNeeded: pageSize >> 8), UInt8(pageSize == 65_536 ? 1 : pageSize & 0xFF)]
      + [1, 1, 0, 64, 32, 32]
  }

  /// The database as SQLite would see it, in one file without a log; nil when its beginning is missing.
  package var merged: [UInt8]? {
    var pages = [Int: ArraySlice<UInt8>]()
    var count = database.count / pageSize
    if let frames {
      for frame in frames.all.prefix(frames.committed) where frame.page > 0 {
        pages[Int(frame.page)] = log[frame.offset..<(frame.offset + pageSize)]
      }
      if frames.committed > 0, let pagesAfter = frames.databasePages { count = Int(pagesAfter) }
    }
    // A damaged log may name any size.
    guard count > 0, count * pageSize <= 1 << 30, database.count >= pageSize || pages[1] != nil else { return nil }
    var result = Array(database.prefix(count * pageSize))
    result += [UInt8](repeating: 0, count: count * pageSize - result.count)
    for (number, page) in pages where number <= count {
      result.replaceSubrange(((number - 1) * pageSize)..<(number * pageSize), with: page)
    }
    result.replaceSubrange(0..<24, with: header)
    return result
  }
}
