#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Workbench {
  /// Becomes `sqlite3 -readonly` on the database: a second writer is what its WAL must never see. Returns only when
  /// that is not possible.
  public func becomeShell(sql: String?) -> ToolFailure {
    guard FileFacts(databasePath) != nil else {
      return ToolFailure(.noInput, "There is no database in \(folder). Name the data folder with --data-dir.")
    }
    // A relative path may begin with a dash, and a colon may begin a URI.
    let path = databasePath.hasPrefix("/") ? databasePath : "./\(databasePath)"
    let arguments = ["sqlite3", "-readonly", path] + (sql.map { [$0] } ?? [])
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    pointers.append(nil)
    execvp("sqlite3", pointers)
    let code = errno
    for pointer in pointers { free(pointer) }
    guard code == ENOENT else {
      return ToolFailure(.io, "sqlite3 can't be started: \(strerror(code).map { String(cString: $0) } ?? "\(code)")")
    }
    return ToolFailure(
      .hostUnreachable, "The program sqlite3 is not on the PATH. Install it (Debian: apt install sqlite3).")
  }
}
