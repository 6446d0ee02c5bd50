import CSQLite

extension Connection {
  private static let chunk = 64 << 10

  /// Writes every byte of the log over itself and syncs it.
  ///
  /// After a sync that failed the kernel may show pages of the log that are not on the disk, and takes them for written:
  /// no later sync writes them. Moving such a log into the database is safe only while the power stays on: a crash in
  /// between would find a database that has pages of the newest transaction, and a log that ends before it, whose older
  /// pages are then laid over those. Written anew, the pages are dirty again, and the sync says the truth about them.
  ///
  /// Through SQLite's own descriptor, so that no lock is lost, and within a transaction, so that nobody writes to the log
  /// meanwhile. Readers see the same bytes all the time.
  func rewriteLog() throws(SQLiteProblem) {
    // Nobody has to be waited for when there is nothing to write.
    guard try sizeOfLog() > 0 else { return }
    try transaction { () throws(SQLiteProblem) in
      guard let file = logFile, let calls = file.pointee.pMethods?.pointee, let read = calls.xRead,
        let write = calls.xWrite, let sync = calls.xSync
      else { return }
      let size = try sizeOfLog()
      let buffer = UnsafeMutableRawPointer.allocate(byteCount: Self.chunk, alignment: 16)
      defer { buffer.deallocate() }
      var offset: Int64 = 0
      while offset < size {
        let count = Int32(min(Int64(Self.chunk), size - offset))
        try check(read(file, buffer, count, offset))
        try check(write(file, buffer, count, offset))
        offset += Int64(count)
      }
      if size > 0 { try check(sync(file, SQLITE_SYNC_NORMAL)) }
    }
  }

  private func sizeOfLog() throws(SQLiteProblem) -> Int64 {
    guard let file = logFile, let measure = file.pointee.pMethods?.pointee.xFileSize else { return 0 }
    var size: Int64 = 0
    try check(measure(file, &size))
    return size
  }

  private func check(_ code: Int32) throws(SQLiteProblem) {
    guard code == SQLITE_OK else {
      throw SQLiteProblem(code: code, message: String(cString: sqlite3_errstr(code)), during: "rewriting of the log")
    }
  }
}
