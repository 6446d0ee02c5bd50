import DurableFiles
import PersistenceMessages
import SQLiteConnection

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

  /// Where there is room: the disk of temporary files may be the one that is full, so memory comes next.
  init(of path: String) throws(StoreFailure) {
    var failure: StoreFailure?
    for parent in Self.parents {
      do throws(StoreFailure) {
        self = try TemporaryCopy(of: path, in: parent)
        return
      } catch {
        failure = failure ?? error
      }
    }
    throw failure ?? StoreFailure(.cannotOpen, "There is no place for a copy of \(path)", remedy: "")
  }

  private init(of path: String, in parent: String) throws(StoreFailure) {
    var template = Array("\(parent)/afterimage-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw StoreFailure(
        .cannotOpen, "No temporary folder could be made in \(parent)", remedy: "Set TMPDIR to a folder with room.")
    }
    folder = String(cString: made)
    databasePath = "\(folder)/\(DataFolderLayout.databaseName)"
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
    for name in DataFolderLayout.databaseNames { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  private static var parents: [String] {
    [getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp", "/dev/shm"]
  }
}
