import Documents
import PersistenceMessages
import SQLiteConnection

/// The open database, and the writer's knowledge of it. All of it was read from disk at opening or written by this
/// session since. A failure that makes it uncertain ends the session, and the next session reads the disk again.
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
  /// The identity of the files when they were opened.
  private let place: DatabaseFiles.Place
  /// The sizes of database and log after this connection's last use. No other program makes them smaller.
  private var sizes = DatabaseFiles.Sizes()
  var ring = Ring()
  var head: Head?
  /// The head's manifest; empty if the head's checksum is wrong.
  var manifest = Manifest()
  /// The state of the head, as the value from which it was stored, so that the next one can be compared by identity.
  /// Nil after opening until the restored state is set; while it is nil, all documents are compared.
  var baseline: (any DocumentSource)?
  var nextDocument: Int64 = 1
  /// The link of the log in use; nil in a database of a version that wrote none.
  private(set) var logLink: LogLink?
  /// Whether the database file contains everything in the log: the next transaction then begins a new use of the log.
  /// See LogLink.swift.
  private var beginsLog: Bool
  /// Document rows that no generation names, left by damaged manifests; the next store deletes them.
  var orphans = DocumentRanges()

  /// - Throws: see ``DatabaseOpening/open()``.
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

  /// A description of a file that was moved, replaced or truncated since its last use; nil if all files are in place.
  /// Makes a few calls of `stat`.
  var displacement: String? {
    files.place.change(since: place) ?? (connection.hasMoved ? "state.db was moved, deleted or replaced" : nil)
      ?? files.sizes.cut(since: sizes)
  }

  /// Must be called after an operation that may have made the log smaller. This connection never makes the database
  /// smaller.
  func noteSizes() {
    let now = files.sizes
    sizes = DatabaseFiles.Sizes(database: max(sizes.database, now.database), log: now.log)
  }

  /// Runs `body` as ``Connection/transaction(_:)`` does. All writes of this session use this function.
  func transaction<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(SQLiteFailure) -> Value {
    let next = beginsLog ? LogLink(after: logLink) : nil
    let value = try connection.transaction { () throws(SQLiteFailure) in
      try next?.write(to: connection)
      return try body()
    }
    if let next { (logLink, beginsLog) = (next, false) }
    return value
  }

  /// Checkpoints the log.
  ///
  /// - Returns: whether the database file contains all of it now.
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
  /// Whether the generation's checksum is right. The bodies are not checked.
  ///
  /// - Parameter references: the references of all existing documents, ascending.
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
  /// The first index whose id is at least `id`.
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
