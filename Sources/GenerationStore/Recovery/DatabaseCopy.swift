import DurableFiles
import PersistenceMessages
import SQLiteConnection

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A complete copy of a database at one moment, in one file without a log: for backups, and before a migration.
enum DatabaseCopy {
  /// Copies through SQLite's backup interface, page by page in one read transaction, and syncs the copy. A running
  /// writer is not blocked. `VACUUM INTO` would make a smaller file, but only newer SQLite versions sync it.
  ///
  /// - Parameter path: the path of the copy, which must not exist; it gets mode 0600.
  static func make(of connection: Connection, at path: String) throws(SQLiteFailure) {
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      let words = strerror(errno).map { String(cString: $0) } ?? ""
      throw .cannotOpen(words, during: "creation of \(path)", systemError: errno)
    }
    close(file)
    do throws(SQLiteFailure) {
      let target = try Connection(path, .copy, vfs: connection.vfs)
      defer { target.close() }
      try target.execute("PRAGMA synchronous = FULL")
      try connection.copy(to: target)
      // Like its source, the copy is marked as using a log.
      guard try target.text("PRAGMA journal_mode = DELETE") == "delete" else {
        throw .misuse("the copy keeps its log", during: "copy to \(path)")
      }
    } catch {
      unlink(path)
      throw error
    }
  }
}
