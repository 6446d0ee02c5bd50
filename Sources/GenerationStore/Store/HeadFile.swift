import Documents
import DurableFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The highest generation and sequence ever reported as stored. Neither number is used twice, even if the database that
/// held them is lost.
public struct HighWaterMark: Sendable, Equatable {
  public var generation: Int64
  public var sequence: UInt64
  /// Wall clock, milliseconds since 1970.
  public var storedAtUnixMs: Int64

  public init(generation: Int64 = 0, sequence: UInt64 = 0, storedAtUnixMs: Int64 = 0) {
    self.generation = generation
    self.sequence = sequence
    self.storedAtUnixMs = storedAtUnixMs
  }

  /// The mark in the data folder's `head.json`; nil if there is none, or the file can't be read.
  public init?(folder: String) {
    guard let mark = HeadFile.read(DataFolderLayout(folder).head) else { return nil }
    self = mark
  }

  /// Numbers from here on are considered damaged: one store per microsecond would take 146,000 years to reach it.
  static let bound = Int64.max / 2

  /// The higher of both, number by number.
  mutating func raise(to other: HighWaterMark) {
    generation = max(generation, other.generation)
    sequence = max(sequence, other.sequence)
    storedAtUnixMs = max(storedAtUnixMs, other.storedAtUnixMs)
  }
}

/// `head.json`: the high-water mark outside the database. A lost or truncated log leaves an older database that passes
/// every check; only this file reveals the loss.
///
/// Advisory: it is overwritten in place after each store without a sync (one write of 128 bytes), and synced at rest.
/// It may be older than the database and never makes a start or a store fail.
///
/// Format: one line of JSON, `{"generation":7,"sequence":12,"storedAtUnixMs":1763890560123}`, padded with spaces to
/// 127 bytes and ended with a newline, so that overwriting never leaves a tail.
final class HeadFile {
  private static let size = 128

  private var path: String
  /// -1 while it is not open.
  private var file: Int32 = -1
  private var hasUnsynced = false
  private(set) var mark: HighWaterMark

  /// Reads the existing file; a file that can't be read counts as missing.
  init(path: String) {
    self.path = path
    mark = Self.read(path) ?? HighWaterMark()
  }

  deinit {
    close()
  }

  /// Uses the file at `path` from now on, after the data folder was moved or created again. The mark never decreases.
  func follow(path: String) {
    close()
    self.path = path
    mark.raise(to: Self.read(path) ?? HighWaterMark())
  }

  /// Raises the mark to numbers that were used elsewhere; the next store writes them.
  func raise(to other: HighWaterMark) {
    mark.raise(to: other)
  }

  func note(_ mark: HighWaterMark) {
    self.mark.raise(to: mark)
    hasUnsynced = true
    if file < 0 { file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    guard file >= 0 else { return }
    let bytes = Self.bytes(of: self.mark)
    if bytes.withUnsafeBytes({ pwrite(file, $0.baseAddress, $0.count, 0) }) != bytes.count { close() }
  }

  /// Blocks for as long as the disk takes.
  func sync() {
    guard hasUnsynced else { return }
    // Replaced instead of synced in place: complete at any moment, and the same code path as for other files.
    if (try? DurableFile.replace(path, with: Self.bytes(of: mark))) != nil { hasUnsynced = false }
    close()
  }

  func close() {
    #if canImport(Glibc)
      if file >= 0 { _ = Glibc.close(file) }
    #else
      if file >= 0 { _ = Darwin.close(file) }
    #endif
    file = -1
  }

  static func bytes(of mark: HighWaterMark) -> [UInt8] {
    let line =
      "{\"generation\":\(mark.generation),\"sequence\":\(mark.sequence),\"storedAtUnixMs\":\(mark.storedAtUnixMs)}"
    var bytes = Array(line.utf8)
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: max(0, size - 1 - bytes.count))
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  static func read(_ path: String) -> HighWaterMark? {
    ((try? DurableFile.read(path, limit: 4096)) ?? nil).flatMap(mark)
  }

  /// The mark in the file's content; nil if there is none.
  static func mark(in content: [UInt8]) -> HighWaterMark? {
    guard let json = try? JSONParser.parse(content, limits: .init(bytes: 4096, depth: 2)),
      let generation = json["generation"]?.intValue, generation >= 0, generation < HighWaterMark.bound,
      let sequence = json["sequence"]?.intValue, sequence >= 0, sequence < HighWaterMark.bound
    else { return nil }
    return HighWaterMark(
      generation: generation, sequence: UInt64(sequence), storedAtUnixMs: json["storedAtUnixMs"]?.intValue ?? 0)
  }
}
