import Documents
public import DurableFiles
public import PersistenceMessages

/// `loss.json` in the data folder: the loss of a start (``LossRecord``). It is replaced durably before the recovered
/// show is on air, so that no later start can find the recovered show without it.
///
/// Format: one line of canonical JSON with the members of health's `loss`, `darkness` and `acknowledgedAt`. The file
/// remains after it is acknowledged, so that a lasting condition is not announced again.
public struct LossFile: Sendable {
  private static let limits = JSONParser.Limits(bytes: 256 << 10, depth: 4)
  private let path: String
  private let folder: String

  public init(folder: String) {
    self.folder = folder
    path = DataFolderLayout(folder).loss
  }

  /// Nil if nothing was ever lost here. A file that can't be read counts as a loss, because it may have described one.
  public func read() -> LossRecord? {
    let bytes: [UInt8]?
    do {
      bytes = try DurableFile.read(path, limit: Self.limits.bytes)
    } catch {
      return unreadable("\(error)")
    }
    guard let bytes else { return nil }
    guard let json = try? JSONParser.parse(bytes, limits: Self.limits), let record = LossRecord(storedJSON: json) else {
      return unreadable("it is damaged")
    }
    return record
  }

  private func unreadable(_ reason: String) -> LossRecord {
    LossRecord(
      at: "an unknown time", rung: "newest", lost: ["what \(path) told of a loss can't be read: \(reason)"],
      files: [path], command: "afterimage --data-dir '\(folder)' doctor")
  }

  public func write(_ record: LossRecord) throws(FileFailure) {
    try DurableFile.replace(path, with: CanonicalJSON.encode(record.storedJSON) + [UInt8(ascii: "\n")])
  }
}
