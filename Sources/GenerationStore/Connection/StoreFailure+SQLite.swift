import DurableFiles
package import PersistenceMessages
import SQLiteConnection

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// From what SQLite answered to what the operator reads.

extension StoreFailure {
  init(_ problem: SQLiteFailure, _ files: DatabaseFiles) {
    let code = Code(problem)
    let errno = problem.systemError == 0 ? "" : ", errno \(problem.systemError)"
    let what = "\(problem.during) failed on \(files.database): \(problem.message) (SQLite \(problem.code)\(errno))"
    switch code {
    case .busy:
      let holders = LockHolder.holders(of: .writer, files)
      let names = holders.map(\.description).joined(separator: ", ")
      self.init(
        .busy, holders.isEmpty ? what : "\(files.database) is locked by \(names)",
        remedy: holders.isEmpty ? "Close the program that writes to it." : "End its transaction, or the program.")
    default: self.init(code, what, remedy: Self.remedy(for: code, files))
    }
  }

  /// Of a call on the database's files: the remedy names their folder.
  init(_ failure: FileFailure, _ files: DatabaseFiles) {
    self.init(failure)
    remedy = Self.remedy(for: code, files)
  }

  init(_ failure: FileFailure) {
    let code: Code =
      switch failure.code {
      case ENOSPC, EDQUOT, EFBIG: .full
      case EIO: .io
      case EROFS: .readOnly
      default: .cannotOpen
      }
    self.init(code, failure.message, remedy: failure.remedy)
  }

  private static func remedy(for code: Code, _ files: DatabaseFiles) -> String {
    switch code {
    case .busy: "Close the program that writes to it."
    case .full: "Free space on the file system of \(files.folder), or raise the quota or the file size limit."
    case .io:
      "Check the disk (dmesg shows what the kernel saw). The database is opened anew and everything stored afresh."
    case .readOnly: "Make \(files.folder) and its files writable for the user of this process."
    case .corrupt:
      "Nothing to do: it is moved to \(files.folder)/quarantine and what can be read goes into a fresh one."
    case .cannotOpen: "Let the user of this process read and write \(files.folder) and the files in it."
    case .moved: "Nothing to do: the whole state goes into the database that lies there now, or into a new one."
    case .newerSchema: "Start a newer Afterimage, or choose another data folder."
    case .encoding: "Remove the value that is too large from the show."
    case .unexpected: "Nothing to do at first: the database is opened again. If it lasts, report this."
    case .invariant: "Export the state (GET /api/v1/export), restart the host and report this. The show runs on."
    }
  }

  static func moved(_ change: String, _ files: DatabaseFiles) -> StoreFailure {
    StoreFailure(.moved, "\(change) (\(files.folder))", remedy: remedy(for: .moved, files))
  }

  static func newerSchema(_ version: Int64, known: Int32, _ files: DatabaseFiles) -> StoreFailure {
    StoreFailure(
      .newerSchema, "\(files.database) has schema \(version), and this Afterimage knows up to \(known)",
      remedy: remedy(for: .newerSchema, files))
  }

  static func damaged(_ what: String, _ files: DatabaseFiles) -> StoreFailure {
    StoreFailure(.corrupt, what, remedy: remedy(for: .corrupt, files))
  }

  /// Of a file that is only the beginning of a database: everything else is still in its log.
  static func logMissing(_ files: DatabaseFiles) -> StoreFailure {
    StoreFailure(
      .corrupt, "\(files.database) holds nothing but its first page, and its log (\(files.name)-wal) is missing",
      remedy: missingLogRemedy)
  }

  private static let missingLogRemedy =
    "Find the log where this file comes from and put it beside it; make copies with: afterimage backup --to FILE."

  /// Whether the database may be whole, and only its log was not copied.
  package var isLogMissing: Bool { remedy == Self.missingLogRemedy }

  static func cannotOpen(_ what: String, code: Int32, _ files: DatabaseFiles) -> StoreFailure {
    let words = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    let kind: Code =
      code == ENOSPC || code == EDQUOT ? .full : code == EROFS ? .readOnly : code == EIO ? .io : .cannotOpen
    return StoreFailure(kind, "\(what): \(words)", remedy: remedy(for: kind, files))
  }
}
