/// A retained generation, as far as retention and pruning need it.
package struct RingEntry: Sendable, Equatable {
  package var generation: Int64
  var storedAtUnixMs: Int64
  var isKeyframe: Bool
  /// Nil when the generation's checksum is wrong: its manifest can't be trusted to say what may be deleted.
  package var documents: DocumentRanges?
  package var pin: String?
  package var isProven = false
  var isSuspect = false
  /// Whether it holds what a start had to fall back to (origin `recovery`).
  package var isFallback = false

  package init(
    generation: Int64, storedAtUnixMs: Int64, isKeyframe: Bool, documents: DocumentRanges?, pin: String? = nil,
    isProven: Bool = false, isSuspect: Bool = false, isFallback: Bool = false
  ) {
    self.generation = generation
    self.storedAtUnixMs = storedAtUnixMs
    self.isKeyframe = isKeyframe
    self.documents = documents
    self.pin = pin
    self.isProven = isProven
    self.isSuspect = isSuspect
    self.isFallback = isFallback
  }
}

/// The retained generations, ascending. The writer's memory of what is on disk: it is the only one that writes.
package struct Ring: Sendable, Equatable {
  package private(set) var entries: [RingEntry] = []

  /// - Parameter entries: ascending by number.
  package init(_ entries: [RingEntry] = []) {
    self.entries = entries
  }

  package var newest: RingEntry? { entries.last }
  package var pinCount: Int { entries.count { $0.pin != nil } }
  package var newestPin: Int64? { entries.last { $0.pin != nil }?.generation }
  package var newestProven: Int64? { entries.last { $0.isProven }?.generation }
  package var newestKeyframe: Int64? { entries.last { $0.isKeyframe }?.generation }

  /// The first generation of a show that fell back, as long as nothing since has been proven: it and all before it stay
  /// (invariant I8). Nil in normal times. It follows from what is on disk, so that a restart freezes again.
  package var frozenThrough: Int64? {
    let proven = newestProven ?? 0
    return entries.first { $0.isFallback && $0.generation > proven }?.generation
  }

  package subscript(_ generation: Int64) -> RingEntry? {
    index(of: generation).map { entries[$0] }
  }

  package mutating func append(_ entry: RingEntry) {
    entries.append(entry)
  }

  /// Changes one entry's marks; nothing when it is not retained.
  package mutating func update(_ generation: Int64, _ change: (inout RingEntry) -> Void) {
    if let index = index(of: generation) { change(&entries[index]) }
  }

  /// Takes a generation out.
  ///
  /// - Returns: the documents that no retained generation has any more. The generations that share a document are
  ///   neighbours (GenerationRecord.swift), so comparing with the two neighbours is enough; one whose manifest is damaged
  ///   is passed over, as the documents that it shared run on through it.
  package mutating func remove(_ generation: Int64) -> DocumentRanges {
    guard let index = index(of: generation) else { return DocumentRanges() }
    let entry = entries.remove(at: index)
    guard var unused = entry.documents else { return DocumentRanges() }
    if let earlier = entries[..<index].last(where: { $0.documents != nil })?.documents {
      unused = unused.subtracting(earlier)
    }
    if let later = entries[index...].first(where: { $0.documents != nil })?.documents {
      unused = unused.subtracting(later)
    }
    return unused
  }

  /// Of all documents in the database those that no generation names: what damaged manifests have left behind. Empty
  /// while a damaged one is retained, because its documents are not known.
  func orphans(among all: DocumentRanges) -> DocumentRanges {
    var orphans = all
    for entry in entries {
      guard let documents = entry.documents else { return DocumentRanges() }
      orphans = orphans.subtracting(documents)
    }
    return orphans
  }

  private func index(of generation: Int64) -> Int? {
    entries.lastIndex { $0.generation == generation }
  }
}

/// Which generations a store takes out of the ring: the retention policy, and what may never go.
package struct PruningPolicy: Sendable, Equatable {
  var retention: RetentionPolicy
  /// Bytes of the database in use beyond which old generations go early.
  package var byteBound: Int64
  /// Newest generations that stay however large they are.
  package static let spared = 8

  /// Generations up to this number stay, as do those up to ``Ring/frozenThrough``, while the show runs on a fallback state
  /// (invariant I8); nil in normal times. Those stored since are a ring of their own, so that the database stays bounded.
  var frozenThrough: Int64?

  package init(retention: RetentionPolicy, byteBound: Int64, frozenThrough: Int64? = nil) {
    self.retention = retention
    self.byteBound = byteBound
    self.frozenThrough = frozenThrough
  }

  package func outdated(in ring: Ring) -> [Int64] {
    let frozen = frozenThrough(in: ring)
    let facts = ring.entries.filter { $0.generation > frozen }.map {
      RetentionPolicy.Facts(
        generation: $0.generation, storedAtUnixMs: $0.storedAtUnixMs, isPinned: $0.pin != nil, isProven: $0.isProven)
    }
    return retention.verdicts(on: facts).filter { $0.reason == nil }.map(\.generation)
  }

  /// The generation to take out next when the database is too large; nil when all that are left must stay.
  package func nextForSpace(in ring: Ring) -> Int64? {
    let newestProven = ring.newestProven
    let frozen = frozenThrough(in: ring)
    return ring.entries.dropLast(Self.spared)
      .first { $0.pin == nil && $0.generation != newestProven && $0.generation > frozen }?.generation
  }

  /// 0 when nothing is frozen.
  private func frozenThrough(in ring: Ring) -> Int64 {
    max(frozenThrough ?? 0, ring.frozenThrough ?? 0)
  }
}
