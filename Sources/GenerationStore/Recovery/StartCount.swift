import Documents

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `starts.json` in the data folder: how many starts of a host in a row have neither ended in good order nor lasted for the
/// proving time, this one included. The crash-loop guard goes by it, because it can be written before anything else of
/// the folder is read, and while the database takes nothing: a full disk, a lock, a start that dies while it loads.
///
/// Advisory: overwritten in place without a sync (it has to survive the process, not the power), 64 bytes, so that a full
/// disk takes it once it is there. Where it is missing, the runs in the database say the same.
///
/// Format: one line of JSON, `{"starts":2}`, padded with spaces to 63 bytes and ended with a newline.
public struct StartCount: Sendable {
  private static let size = 64
  private let path: String

  public init(folder: String) { path = DatabaseFiles(folder: folder).startCount }

  /// Nil when there is no such file, or none that can be read.
  public func read() -> Int? {
    var bytes = [UInt8](repeating: 0, count: Self.size)
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
    guard count > 0, let json = try? JSONParser.parse(bytes[..<count], limits: .init(bytes: Self.size, depth: 2)),
      let starts = json["starts"]?.intValue, (0...1_000_000).contains(starts)
    else { return nil }
    return Int(starts)
  }

  /// A count that can't be written is taken away, so that it does not go on saying what is not true any more.
  public func write(_ starts: Int) {
    var bytes = Array("{\"starts\":\(min(max(0, starts), 1_000_000))}".utf8)
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: Self.size - 1 - bytes.count) + [UInt8(ascii: "\n")]
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    let isWritten = file >= 0 && bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) } == Self.size
    if file >= 0 { close(file) }
    if !isWritten { unlink(path) }
  }
}
