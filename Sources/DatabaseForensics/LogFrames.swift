/// The frames of a write-ahead log, read by hand: SQLite deletes a log whose database is gone or empty, and stops at the
/// first frame that is damaged, whatever comes after it. Format: sqlite.org/fileformat2.html, "The Write-Ahead Log".
package struct LogFrames {
  package struct Frame {
    package var page: UInt32
    /// Where its page begins in the log's bytes.
    package var offset: Int
  }

  package static let headerBytes = 32
  private static let frameHeaderBytes = 24

  package let pageSize: Int
  /// All frames that are there whole, in the order in which they were written; also leftovers of an earlier round.
  package private(set) var all: [Frame] = []
  /// How many of them, from the first on, are committed and undamaged: what SQLite would read.
  package private(set) var committed = 0
  /// Pages of the database after the last commit; nil when there is none.
  package private(set) var databasePages: UInt32?

  /// Nil when the bytes are no log.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.headerBytes, Self.isLog(bytes) else { return nil }
    let size = Int(bytes.bigEndian32(at: 8))
    guard DatabaseImage.isPageSize(size) else { return nil }
    pageSize = size
    readFrames(bytes)
  }

  /// 0x377f0682 with checksums of little-endian words, 0x377f0683 of big-endian ones.
  package static func isLog(_ bytes: [UInt8]) -> Bool {
    bytes.count >= headerBytes && bytes.bigEndian32(at: 0) & ~1 == 0x377F_0682
  }

  private mutating func readFrames(_ bytes: [UInt8]) {
    var sum = Checksum(isBigEndian: bytes.bigEndian32(at: 0) & 1 == 1)
    sum.add(bytes, from: 0, count: 24)
    var isSound = sum.matches(bytes, at: 24)
    let salts = bytes[16..<24]
    var start = Self.headerBytes
    while start + Self.frameHeaderBytes + pageSize <= bytes.count {
      let offset = start + Self.frameHeaderBytes
      all.append(Frame(page: bytes.bigEndian32(at: start), offset: offset))
      sum.add(bytes, from: start, count: 8)
      sum.add(bytes, from: offset, count: pageSize)
      isSound = isSound && bytes[(start + 8)..<(start + 16)] == salts && sum.matches(bytes, at: start + 16)
      let pagesAfterCommit = bytes.bigEndian32(at: start + 4)
      if isSound, pagesAfterCommit != 0 {
        committed = all.count
        databasePages = pagesAfterCommit
      }
      start = offset + pageSize
    }
  }

  /// The log's running checksum over pairs of 32-bit words.
  private struct Checksum {
    let isBigEndian: Bool
    private var first: UInt32 = 0
    private var second: UInt32 = 0

    init(isBigEndian: Bool) {
      self.isBigEndian = isBigEndian
    }

    mutating func add(_ bytes: [UInt8], from start: Int, count: Int) {
      bytes.withUnsafeBytes { bytes in
        for offset in stride(from: start, to: start + count, by: 8) {
          let left = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
          let right = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
          first &+= (isBigEndian ? UInt32(bigEndian: left) : UInt32(littleEndian: left)) &+ second
          second &+= (isBigEndian ? UInt32(bigEndian: right) : UInt32(littleEndian: right)) &+ first
        }
      }
    }

    func matches(_ bytes: [UInt8], at offset: Int) -> Bool {
      bytes.bigEndian32(at: offset) == first && bytes.bigEndian32(at: offset + 4) == second
    }
  }
}

extension [UInt8] {
  /// The caller has checked that there are four bytes.
  func bigEndian32(at offset: Int) -> UInt32 {
    withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
  }

  func bigEndian16(at offset: Int) -> Int {
    Int(self[offset]) << 8 | Int(self[offset + 1])
  }
}
