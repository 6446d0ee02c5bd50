import Documents
import PersistenceMessages

/// The open database, and what the writer remembers of it. Everything here was read from disk at opening or written by
/// this session since; a failure that makes it doubtful ends the session, and the next one reads anew.
final class StoreSession {
  /// The newest generation.
  struct Head: Sendable, Equatable {
    var record: GenerationRecord
    var checksum: UInt64

    var stored: StoredGeneration {
      StoredGeneration(
        generation: record.generation, sequence: UInt64(clamping: record.sequence), bytes: Int(clamping: record.bytes),
        storedAtUnixMs: record.storedAtUnixMs, isKeyframe: record.isKeyframe)
    }
  }

  let connection: Connection
  let files: DatabaseFiles
  let show: ShowID
  /// The files as they were when they were opened.
  private let place: DatabaseFiles.Place
  /// Of database and log, as this connection left them. Nobody else makes them smaller.
  private var sizes = DatabaseFiles.Sizes()
  var ring = Ring()
  var head: Head?
  /// Of the head; empty when the head's checksum is wrong.
  var manifest = Manifest()
  /// The state that the head holds, as the very value that it was made from, so that the next one can be compared by
  /// identity. Nil after opening, until somebody says what was restored: then everything is written afresh.
  var baseline: (any DocumentSource)?
  var nextDocument: Int64 = 1
  /// Of the round that the log is in; nil in a database of a version that wrote none.
  private(set) var logLink: LogLink?
  /// Whether the log holds nothing that the database's file does not: the next transaction begins a new round of it. See
  /// LogLink.swift.
  private var beginsLog: Bool
  /// Rows that no generation names, left behind by damaged manifests; the next store deletes them.
  var orphans = DocumentRanges()

  /// - Throws: as ``DatabaseOpening/open()``.
  init(_ opening: DatabaseOpening) throws(StoreFailure) {
    files = opening.files
    beginsLog = (DatabaseFiles.size(of: opening.files.log) ?? 0) == 0
    (connection, place, show) = try opening.open()
    try opening.files.attempt { () throws(SQLiteFailure) in try readAll() }
  }

  /// Closes without a checkpoint: nothing is written.
  func drop() {
    connection.close()
  }

  /// What is no longer where it was opened or as it was left, in words; nil when all is in its place. A few calls of
  /// `stat`.
  var displacement: String? {
    files.place.change(since: place) ?? (connection.hasMoved ? "state.db was moved, deleted or replaced" : nil)
      ?? files.sizes.cut(since: sizes)
  }

  /// To be called after whatever may have made the log smaller. The database never gets smaller by us.
  func noteSizes() {
    let now = files.sizes
    sizes = DatabaseFiles.Sizes(database: max(sizes.database, now.database), log: now.log)
  }

  /// Runs `body` as ``Connection/transaction(_:)`` does. Everything that this session writes goes through here.
  func transaction<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(SQLiteFailure) -> Value {
    let next = beginsLog ? LogLink(after: logLink) : nil
    let value = try connection.transaction { () throws(SQLiteFailure) in
      try next?.write(to: connection)
      return try body()
    }
    if let next { (logLink, beginsLog) = (next, false) }
    return value
  }

  /// Moves the log into the database.
  ///
  /// - Returns: whether all of it is there now.
  func checkpoint(
    _ mode: Connection.CheckpointMode, busyTimeoutMilliseconds: Int32
  ) throws(SQLiteFailure) -> Bool {
    let isComplete = try connection.checkpoint(mode, busyTimeoutMilliseconds: busyTimeoutMilliseconds)
    if isComplete { beginsLog = true }
    return isComplete
  }

  private func readAll() throws(SQLiteFailure) {
    logLink = try LogLink.read(from: connection)
    let rows = StoredRows(connection: connection)
    let references = try rows.references()
    let marks = try rows.marks()
    let generations = try rows.generations()
    ring = Ring(generations.map { RingEntry($0, marks, isIntact: $0.isIntact(given: references)) })
    nextDocument = (references.last?.id ?? 0) + 1
    orphans = ring.orphans(among: DocumentRanges(ascending: references.lazy.map(\.id)))
    guard let newest = generations.last else { return }
    head = Head(record: newest.record, checksum: newest.checksum)
    if let documents = ring.newest?.documents { manifest = Manifest(try rows.keys(in: documents)) }
  }
}

extension StoredRows.Generation {
  /// Whether the generation's checksum is right. The bodies are not looked at.
  ///
  /// - Parameter references: of all documents there are, ascending.
  fileprivate func isIntact(given references: [DocumentReference]) -> Bool {
    guard let documents else { return false }
    var named: [DocumentReference] = []
    for range in documents.ranges {
      var index = references.firstIndex(from: range.lowerBound)
      while index < references.count, references[index].id <= range.upperBound {
        named.append(references[index])
        index += 1
      }
    }
    return named.count == documents.count && record.checksum(over: named) == checksum
  }
}

extension RingEntry {
  init(_ row: StoredRows.Generation, _ marks: [StoredRows.Mark], isIntact: Bool) {
    let own = marks.filter { $0.generation == row.record.generation }
    self.init(
      generation: row.record.generation, storedAtUnixMs: row.record.storedAtUnixMs, isKeyframe: row.record.isKeyframe,
      documents: isIntact ? row.documents : nil, pin: own.first { $0.word == "pinned" }?.label,
      isProven: own.contains { $0.word == "proven" }, isSuspect: own.contains { $0.word == "suspect" },
      isFallback: row.record.isFallback)
  }
}

extension [DocumentReference] {
  /// The first index whose id is `id` or above it.
  fileprivate func firstIndex(from id: Int64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
