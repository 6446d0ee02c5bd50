import Documents
import DurableFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `starts.json` in the data folder: the ``StartTally``. The crash-loop guard uses it, because it can be written before
/// anything else in the folder is read, and while the database can't be written: on a full disk, under a lock, or if a
/// start crashes while it loads.
///
/// Advisory: a start overwrites its 128 bytes in place without a sync (it must survive the process, not a power loss),
/// so that an existing file can be written even on a full disk. If it is missing, the runs in the database are counted.
/// The reset by a healthy run is synced, so that a power cut does not restore an old count.
///
/// Format: one line of JSON, `{"boot":"…","limit":3,"starts":2}`, padded with spaces to 127 bytes and ended with a
/// newline. Version 0.1.0 wrote 64 bytes, and `starts` only.
public struct StartCount: Sendable {
  private static let size = 128
  private let path: String

  public init(folder: String) { path = DataFolderLayout(folder).starts }

  /// Nil if there is no such file, or it can't be read.
  public func read() -> StartTally? {
    var bytes = [UInt8](repeating: 0, count: Self.size)
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
    guard count > 0, let json = try? JSONParser.parse(bytes[..<count], limits: .init(bytes: Self.size, depth: 2)),
      let starts = json["starts"]?.intValue, (0...1_000_000).contains(starts)
    else { return nil }
    let boot = json["boot"]?.stringValue.flatMap { BootID.isUsable($0) ? $0 : nil }
    let limit = json["limit"]?.intValue.flatMap { (0...1_000_000).contains($0) ? Int($0) : nil }
    return StartTally(starts: Int(starts), boot: boot, limit: limit)
  }

  /// A count that can't be written is removed, so that no outdated count remains.
  public func write(_ tally: StartTally) {
    let bytes = Self.bytes(of: tally)
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    let isWritten = file >= 0 && bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) } == Self.size
    if file >= 0 { close(file) }
    if !isWritten { unlink(path) }
  }

  /// The same, on disk when it returns; blocks for as long as the disk takes.
  public func writeDurably(_ tally: StartTally) {
    if (try? DurableFile.replace(path, with: Self.bytes(of: tally))) == nil { write(tally) }
  }

  private static func bytes(of tally: StartTally) -> [UInt8] {
    let json: JSONValue = [
      "boot": tally.boot.map { BootID.isUsable($0) ? .string($0) : .null } ?? .null,
      "limit": tally.limit.map { .int(Int64($0)) } ?? .null,
      "starts": .int(Int64(min(max(0, tally.starts), 1_000_000))),
    ]
    let bytes = CanonicalJSON.encode(json)
    return bytes + [UInt8](repeating: UInt8(ascii: " "), count: size - 1 - bytes.count) + [UInt8(ascii: "\n")]
  }
}
