/// The properties of a retained generation that retention and pruning need.
package struct RingEntry: Sendable, Equatable {
  package var generation: Int64
  var storedAtUnixMs: Int64
  var isKeyframe: Bool
  /// Nil if the generation's checksum is wrong: its manifest must not determine which rows are deleted.
  package var documents: DocumentRanges?
  package var pin: String?
  package var isProven = false
  var isSuspect = false
  /// Whether it holds a recovered state (origin `recovery`).
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

/// The retained generations, ascending. The writer's copy of the list on disk, which only the writer changes.
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

  /// The first recovered generation, if no later one has been proven: it and all earlier generations are kept
  /// (invariant I8). Otherwise nil. It is derived from the rows on disk, so that the freeze outlives a restart.
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

  /// Changes one entry's marks; does nothing if the generation is not retained.
  package mutating func update(_ generation: Int64, _ change: (inout RingEntry) -> Void) {
    if let index = index(of: generation) { change(&entries[index]) }
  }

  /// Removes a generation.
  ///
  /// - Returns: the documents that no retained generation uses any more. The generations that share a document are
  ///   neighbours (GenerationRecord.swift), so a comparison with the two neighbours is enough. A neighbour whose
  ///   manifest is damaged is skipped, because the shared documents continue beyond it.
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

  /// The documents in `all` that no generation names, left by damaged manifests. Empty while a generation with a
  /// damaged manifest is retained, because its documents are unknown.
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

/// Decides which generations a store removes from the ring: the retention policy, and the generations that must be
/// kept.
package struct PruningPolicy: Sendable, Equatable {
  var retention: RetentionPolicy
  /// Size of the database in use, in bytes, beyond which old generations are pruned early.
  package var byteBound: Int64
  /// The number of newest generations that are kept regardless of their size.
  package static let spared = 8

  /// Generations up to this number are kept, like those up to ``Ring/frozenThrough``, while the show runs on a
  /// recovered state (invariant I8); otherwise nil. Later ones form a ring of their own, so that the database stays
  /// bounded.
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

  /// The generation to remove next if the database is too large; nil if all remaining ones must be kept.
  package func nextForSpace(in ring: Ring) -> Int64? {
    let newestProven = ring.newestProven
    let frozen = frozenThrough(in: ring)
    return ring.entries.dropLast(Self.spared)
      .first { $0.pin == nil && $0.generation != newestProven && $0.generation > frozen }?.generation
  }

  /// 0 if nothing is frozen.
  private func frozenThrough(in ring: Ring) -> Int64 {
    max(frozenThrough ?? 0, ring.frozenThrough ?? 0)
  }
}
