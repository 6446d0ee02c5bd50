import Documents
import PersistenceMessages
import SQLiteConnection

/// The rows that one store writes.
struct StorePlan {
  var isKeyframe: Bool
  /// With their checksums.
  var written: [(document: Document, checksum: UInt64)]
  var removed: [Document.Key]

  /// - Parameters:
  ///   - snapshot: of a state that can be stored (``DurableState/storable(over:)``).
  ///   - next: the number of the new generation.
  init(_ snapshot: PersistenceSnapshot, _ session: StoreSession, _ policy: KeyframePolicy, next: Int64)
    throws(SQLiteFailure)
  {
    isKeyframe = true
    written = []
    removed = []
    if let baseline = session.baseline {
      try compare(snapshot.source, with: baseline, session)
      isKeyframe = policy.isDue(
        next: next, newest: session.ring.newestKeyframe, newestPin: session.ring.newestPin, changed: written.count,
        total: session.manifest.count)
      // If the head already holds this state, no keyframe is needed: see `isStored`.
      if !isKeyframe || isStored(snapshot, session) { return }
    }
    written = snapshot.source.documents.map { ($0, $0.checksum) }
    removed = []
  }

  private mutating func compare(
    _ source: any DocumentSource, with baseline: any DocumentSource, _ session: StoreSession
  ) throws(SQLiteFailure) {
    let changes = source.documentsChanged(since: baseline) ?? session.changes(to: source.documents)
    removed = changes.removed
    for document in changes.written {
      let checksum = document.checksum
      if let known = session.manifest[document.key], known.checksum == checksum,
        try session.holds(document.body, in: known.id)
      {
        continue
      }
      written.append((document, checksum))
    }
  }

  /// Whether sequences of this session would decrease or repeat, which only a bug can cause. After opening (no
  /// baseline) the database may be one that an operator put there, so its sequences are not compared.
  func breaksSequence(_ snapshot: PersistenceSnapshot, _ session: StoreSession) -> Bool {
    guard let head = session.head, session.baseline != nil else { return false }
    return UInt64(clamping: head.record.sequence) >= snapshot.sequence
  }

  /// Whether the head is already this snapshot, as after a COMMIT that failed and still took effect: a sequence is
  /// never stored as two generations. The content is compared too, because another database, with unrelated sequences,
  /// may have been put there.
  func isStored(_ snapshot: PersistenceSnapshot, _ session: StoreSession) -> Bool {
    guard let head = session.head, UInt64(clamping: head.record.sequence) == snapshot.sequence else { return false }
    if session.baseline != nil { return written.isEmpty && removed.isEmpty }
    return written.count == session.manifest.count
      && written.allSatisfy { session.manifest[$0.document.key]?.checksum == $0.checksum }
  }
}

extension StoreSession {
  /// All documents as written, and those that only the newest generation has as removed.
  fileprivate func changes(to documents: [Document]) -> DocumentChanges {
    let keys = Set(documents.map(\.key))
    return DocumentChanges(written: documents, removed: manifest.keys.filter { !keys.contains($0) })
  }

  /// Whether a document's row has this body.
  fileprivate func holds(_ body: [UInt8], in document: Int64) throws(SQLiteFailure) -> Bool {
    let statement = try connection.statement("SELECT body = ?2 FROM document WHERE document = ?1")
    return try body.withUnsafeBufferPointer { (bytes) throws(SQLiteFailure) in
      defer { statement.reset() }
      try statement.bind(document, at: 1)
      try statement.bind(borrowed: bytes, at: 2)
      return try statement.step() && statement.integer(0) == 1
    }
  }

  /// Writes one generation and prunes the ring, in one transaction. The session changes only if all of it succeeds.
  func write(
    _ plan: StorePlan, _ columns: GenerationRecord, _ pruning: PruningPolicy
  ) throws(SQLiteFailure) -> Head {
    var record = columns
    var change = ManifestChange(removed: plan.removed, replacesAll: plan.isKeyframe)
    for (offset, entry) in plan.written.enumerated() {
      let reference = DocumentReference(id: nextDocument + Int64(offset), checksum: entry.checksum)
      change.written.append((entry.document.key, reference))
    }
    let references = manifest.ascending(after: change)
    let documents = DocumentRanges(ascending: references.lazy.map(\.id))
    let manifestText = documents.json
    record.isKeyframe = plan.isKeyframe
    record.bytes = Int64(manifestText.utf8.count + plan.written.reduce(0) { $0 + $1.document.storedBytes })
    guard references.count <= Document.maximumCount else { throw .tooManyDocuments(references.count) }
    let checksum = record.checksum(over: references)
    var ringAfter = ring
    ringAfter.append(
      RingEntry(
        generation: record.generation, storedAtUnixMs: record.storedAtUnixMs, isKeyframe: record.isKeyframe,
        documents: documents, isFallback: record.isFallback))

    try transaction { () throws(SQLiteFailure) in
      for (entry, written) in zip(plan.written, change.written) { try insert(entry.document, written.reference) }
      try insert(record, checksum, manifestText)
      try prune(&ringAfter, pruning)
      try delete(orphans)
    }
    ring = ringAfter
    let stored = Head(record: record, checksum: checksum)
    head = stored
    manifest.apply(change)
    nextDocument += Int64(plan.written.count)
    orphans = DocumentRanges()
    return stored
  }

  func insert(_ document: Document, _ reference: DocumentReference) throws(SQLiteFailure) {
    let statement = try connection.statement(
      "INSERT INTO document(document, kind, name, checksum, body) VALUES (?1, ?2, ?3, ?4, ?5)")
    try document.body.withUnsafeBufferPointer { (bytes) throws(SQLiteFailure) in
      try statement.bind(reference.id, at: 1)
      try statement.bind(document.key.kind.rawValue, at: 2)
      try statement.bind(document.key.name, at: 3)
      try statement.bind(Int64(bitPattern: reference.checksum), at: 4)
      try statement.bind(borrowed: bytes, at: 5)
      try statement.run()
    }
  }

  func insert(_ record: GenerationRecord, _ checksum: UInt64, _ manifest: String) throws(SQLiteFailure) {
    let statement = try connection.statement(
      """
      INSERT INTO generation(generation, sequence, stored_at_unix_ms, origin, reason, actor, requests, items, bytes,
      keyframe, checksum, documents) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
      """)
    try statement.bind(record.generation, at: 1)
    try statement.bind(record.sequence, at: 2)
    try statement.bind(record.storedAtUnixMs, at: 3)
    try statement.bind(record.origin, at: 4)
    try statement.bind(record.reason, at: 5)
    try statement.bind(record.actor, at: 6)
    try statement.bind(record.requests, at: 7)
    try statement.bind(record.items, at: 8)
    try statement.bind(record.bytes, at: 9)
    try statement.bind(record.isKeyframe ? 1 : 0, at: 10)
    try statement.bind(Int64(bitPattern: checksum), at: 11)
    try statement.bind(manifest, at: 12)
    try statement.run()
  }

  // Pruning.

  private func prune(_ ring: inout Ring, _ policy: PruningPolicy) throws(SQLiteFailure) {
    for generation in policy.outdated(in: ring) { try delete(generation, &ring) }
    while try bytesInUse() > policy.byteBound, let generation = policy.nextForSpace(in: ring) {
      try delete(generation, &ring)
    }
  }

  private func delete(_ generation: Int64, _ ring: inout Ring) throws(SQLiteFailure) {
    try delete(ring.remove(generation))
    let statement = try connection.statement("DELETE FROM generation WHERE generation = ?1")
    try statement.bind(generation, at: 1)
    try statement.run()
  }

  private func delete(_ documents: DocumentRanges) throws(SQLiteFailure) {
    let statement = try connection.statement("DELETE FROM document WHERE document BETWEEN ?1 AND ?2")
    for range in documents.ranges {
      try statement.bind(range.lowerBound, at: 1)
      try statement.bind(range.upperBound, at: 2)
      try statement.run()
    }
  }

  /// Size of the database in bytes, without free pages.
  private func bytesInUse() throws(SQLiteFailure) -> Int64 {
    let pages = try connection.integer("PRAGMA page_count") ?? 0
    let free = try connection.integer("PRAGMA freelist_count") ?? 0
    return (pages - free) * (try connection.integer("PRAGMA page_size") ?? 0)
  }
}

extension Document {
  fileprivate var storedBytes: Int { key.kind.rawValue.utf8.count + key.name.utf8.count + body.count }
}

extension SQLiteFailure {
  /// A generation with too many documents could not be read back (``GenerationReading``).
  fileprivate static func tooManyDocuments(_ count: Int) -> SQLiteFailure {
    .tooBig(
      "the state has \(count) documents, at most \(Document.maximumCount) can be stored",
      during: "store")
  }
}
