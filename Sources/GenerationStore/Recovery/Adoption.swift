public import PersistenceMessages

// Generations that a salvage found after the show had gone on air come back into the ring, below everything stored since.

extension StoreSession {
  /// Document ids only grow from one generation to the next. A database that begins while its predecessor is still being
  /// searched leaves this many ids to what may be found: more than any database holds.
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
  /// Puts the generations of a salvaged database, with their pins and marks, into the ring. What is on air stays, and
  /// stays the newest.
  ///
  /// - Parameter folder: that of the salvaged database.
  /// - Returns: their numbers, ascending; empty when the ring holds other generations with such numbers.
  public func adopt(from folder: String) throws(StoreFailure) -> [Int64] {
    let session = try placedSession()
    let reader = try GenerationReader.open(
      options.reading, databasePath: DatabaseFiles(folder: folder).database, leavingNoTrace: true)
    defer { reader.close() }
    let adopted = try attempt { () throws(SQLiteFailure) -> [Int64] in
      guard try session.isBelowEverything(reader) else { return [] }
      return try Salvage(source: reader.connection, reading: options.reading).copy(to: session, withRuns: false).saved
    }
    // The ring is read from the disk again, with the new generations in it.
    drop()
    try openSession()
    return adopted
  }
}
