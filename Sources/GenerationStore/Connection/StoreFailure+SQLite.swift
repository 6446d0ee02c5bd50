import CSQLite
import DurableFiles
package import PersistenceMessages

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// From result codes to what the writer decides by and the operator reads. The table of docs/failure-modes.md.

extension StoreFailure {
  init(_ problem: SQLiteFailure, _ files: DatabaseFiles) {
    let code = Self.code(for: problem)
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

  private static func code(for problem: SQLiteFailure) -> Code {
    // SQLite reports a full disk as an I/O error where it meets it in fsync or in the shared memory.
    if [ENOSPC, EDQUOT, EFBIG].contains(problem.systemError) { return .full }
    if [SQLITE_IOERR, SQLITE_CANTOPEN].contains(problem.primaryCode), problem.systemError == EROFS { return .readOnly }
    if problem.code == afterimage_readonly_dbmoved { return .moved }
    return code(forPrimary: problem.primaryCode)
  }

  /// What each of SQLite's primary result codes means here. Only what shows that our own code broke a rule halts the
  /// writer; a code that this table does not know is tried again on a connection that is opened anew.
  static func code(forPrimary code: Int32) -> Code {
    switch code {
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .busy
    // NOLFS: the file can't grow on this system.
    case SQLITE_FULL, SQLITE_NOLFS: .full
    case SQLITE_IOERR: .io
    case SQLITE_READONLY: .readOnly
    case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .cannotOpen
    case SQLITE_TOOBIG: .encoding
    // A row that the schema forbids, a value of the wrong type, a call that SQLite does not allow.
    case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_MISUSE, SQLITE_RANGE: .invariant
    // A table that is gone, a schema changed by another program, a lack of memory, an interrupted or aborted statement:
    // opening again shows what is there. The rest SQLite does not return from the calls made here.
    case SQLITE_ERROR, SQLITE_INTERNAL, SQLITE_ABORT, SQLITE_NOMEM, SQLITE_INTERRUPT, SQLITE_NOTFOUND, SQLITE_EMPTY,
      SQLITE_SCHEMA, SQLITE_FORMAT, SQLITE_NOTICE, SQLITE_WARNING, SQLITE_OK, SQLITE_ROW, SQLITE_DONE:
      .unexpected
    default: .unexpected
    }
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
