public import PersistenceMessages
import SQLiteConnection

// Adds generations that a salvage found after the show had gone on air to the ring, below everything stored since.

extension StoreSession {
  /// Document ids only grow from one generation to the next. A database that is created while its predecessor is still
  /// being searched reserves this many ids for the generations that may be found: more than any database has.
  private static let reservedDocuments: Int64 = 1 << 32

  func leaveRoomBelow(isOverdue: Bool) {
    if isOverdue, head == nil { nextDocument = max(nextDocument, Self.reservedDocuments) }
  }

  fileprivate func isBelowEverything(_ reader: GenerationReader) throws(SQLiteFailure) -> Bool {
    for (table, column) in [("generation", "generation"), ("document", "document")] {
      let found = try reader.connection.integer("SELECT max(\(column)) FROM \(table)") ?? 0
      let oldest = try connection.integer("SELECT min(\(column)) FROM \(table)") ?? Int64.max
      if found >= oldest { return false }
    }
    return true
  }
}

extension GenerationStore {
  /// Adds the generations of a salvaged database, with their pins and marks, to the ring. The state on air is not
  /// affected and remains the newest.
  ///
  /// - Parameter folder: the folder of the salvaged database.
  /// - Returns: their numbers, ascending; empty if the ring has other generations with these numbers.
  public func adopt(from folder: String) throws(StoreFailure) -> [Int64] {
    let session = try placedSession()
    let reader = try GenerationReader.open(
      options.reading, databasePath: DatabaseFiles(folder: folder).database, leavingNoTrace: true)
    defer { reader.close() }
    let adopted = try attempt { () throws(SQLiteFailure) -> [Int64] in
      guard try session.isBelowEverything(reader) else { return [] }
      return try Salvage(source: reader.connection, reading: options.reading).copy(to: session, withRuns: false).saved
    }
    // The next session reads the ring from disk, with the new generations in it.
    drop()
    try openSession()
    return adopted
  }
}
