import DurableFiles
import PersistenceMessages

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A copy of a database and its log in a private folder, for reading what lies on read-only media: SQLite needs a
/// shared-memory file beside a log, and can't create it there.
struct TemporaryCopy {
  let databasePath: String
  private let folder: String

  /// Larger databases than the store's own bound with room to spare are refused.
  private static let limit = 1 << 30

  init(of path: String) throws(StoreFailure) {
    var template = Array("\(Self.parent)/afterimage-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw StoreFailure(
        .cannotOpen, "No temporary folder could be made in \(Self.parent)", remedy: "Set TMPDIR to a folder with room.",
        canRetry: true)
    }
    folder = String(cString: made)
    databasePath = "\(folder)/\(DatabaseFiles.databaseName)"
    do throws(FileFailure) {
      for ending in ["", "-wal"] {
        guard let bytes = try DurableFile.read(path + ending, limit: Self.limit) else { continue }
        try DurableFile.replace(databasePath + ending, with: bytes)
      }
    } catch {
      remove()
      throw StoreFailure(error)
    }
  }

  func remove() {
    for name in DatabaseFiles.names { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  private static var parent: String {
    guard let set = getenv("TMPDIR") else { return "/tmp" }
    return String(cString: set)
  }
}
