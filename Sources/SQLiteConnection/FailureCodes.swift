import CSQLite
package import PersistenceMessages

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// From SQLite's result codes to what the writer decides by. The table of docs/failure-modes.md.

extension StoreFailure.Code {
  /// What the writer decides by.
  package init(_ problem: SQLiteFailure) {
    // SQLite reports a full disk as an I/O error where it meets it in fsync or in the shared memory.
    if [ENOSPC, EDQUOT, EFBIG].contains(problem.systemError) {
      self = .full
    } else if [SQLITE_IOERR, SQLITE_CANTOPEN].contains(problem.primaryCode), problem.systemError == EROFS {
      self = .readOnly
    } else if problem.code == afterimage_readonly_dbmoved {
      self = .moved
    } else {
      self.init(primary: problem.primaryCode)
    }
  }

  /// The meaning of each of SQLite's primary result codes. Only a sign that our own code broke a rule halts
  /// the writer; after a code that is not in this table, the store is retried on a new connection.
  package init(primary code: Int32) {
    self =
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
}
