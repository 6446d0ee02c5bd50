import Documents
import PersistenceMessages

/// The generations that can be saved from a damaged database, determined before anything is written.
struct SalvagePlan {
  struct Saving {
    var record: GenerationRecord
    /// The missing documents; empty for an undamaged generation.
    var missing: [String] = []
    /// Whether it is assembled from documents of several generations, because no row of a generation was found.
    var isAssembled = false
  }

  struct Loss: Sendable, Equatable {
    var generation: Int64
    var problems: [String]
  }

  /// Ascending by number.
  var savings: [Saving] = []
  var losses: [Loss] = []
  var notes: [String] = []
  /// Numbers between known ones of which nothing was found while the list is damaged: pruned earlier, or lost.
  var unaccounted: [ClosedRange<Int64>] = []

  /// - Parameters:
  ///   - reading: builds states from documents.
  ///   - listed: the generations that SQLite lists; nil if it can't read the list.
  ///   - findable: the generations that it still finds in a damaged list.
  ///   - mark: the high-water mark beside the database; nil if there is none.
  /// - Throws: if the deadline has passed.
  init(
    _ rows: FoundRows, _ reading: DocumentReading, listed: [Int64]?, findable: [Int64], mark: HighWaterMark?,
    _ deadline: SalvageDeadline = .never
  ) throws(StoreFailure) {
    let numbers = Self.numbers(rows, listed: listed, findable: findable)
    if listed == nil {
      unaccounted = zip(numbers, numbers.dropFirst()).filter { $0 + 1 < $1 }.map { ($0 + 1)...($1 - 1) }
    }
    var damaged: [GenerationReading] = []
    for number in numbers {
      try deadline.check()
      guard let found = try? GenerationReading(number, rows, reading) else {
        losses.append(Loss(generation: number, problems: ["no undamaged row of it was found"]))
        continue
      }
      if found.damaged.isEmpty {
        savings.append(Saving(record: found.row.record))
      } else {
        damaged.append(found)
      }
    }
    decide(on: damaged)
    if savings.isEmpty, let assembled = Saving(assembledFrom: rows, reading, mark: mark) { savings = [assembled] }
    if let mark, mark.generation > numbers.last ?? 0 {
      losses.append(
        Loss(generation: mark.generation, problems: ["head.json says that it was stored, and nothing of it was found"]))
    }
  }

  /// Saves a damaged generation in part if nothing better is left: if no generation is undamaged, or if it has all its
  /// items and is older than an undamaged one. It must not become the newest instead of an undamaged one, because the
  /// next start loads the newest.
  private mutating func decide(on damaged: [GenerationReading]) {
    let newestWhole = savings.last?.record.generation
    for reading in damaged {
      let hasAllItems = reading.source.map { Int64($0.itemCount) } == reading.row.record.items
      let isBest = newestWhole.map { hasAllItems && reading.row.record.generation < $0 } ?? true
      if isBest, let saving = Saving(partOf: reading) {
        savings.append(saving)
      } else {
        let problems = reading.damaged.map { "\($0.document): \($0.problem)" }
        losses.append(Loss(generation: reading.row.record.generation, problems: problems))
      }
    }
    savings.sort { $0.record.generation < $1.record.generation }
    losses.sort { $0.generation < $1.generation }
  }

  /// If the list is undamaged, it determines the kept generations; newer ones that SQLite no longer reaches, behind
  /// damage in the log, are added. If the list is damaged, all generations that were found are used.
  private static func numbers(_ rows: FoundRows, listed: [Int64]?, findable: [Int64]) -> [Int64] {
    guard let listed, !listed.isEmpty else { return Set(rows.generationNumbers + findable).sorted() }
    let newest = listed.last ?? 0
    return (listed + rows.generationNumbers.filter { $0 > newest }).sorted()
  }
}

extension SalvagePlan.Saving {
  /// The readable part of a damaged generation; nil if nothing usable is left.
  fileprivate init?(partOf reading: GenerationReading) {
    guard let source = reading.source, source.itemCount > 0 else { return nil }
    let missing = reading.damaged.map(\.document)
    self.init(
      record: reading.row.record.partial(missing: missing, items: source.itemCount), missing: missing)
  }

  /// A state assembled from the newest documents; nil if nothing usable is among them.
  fileprivate init?(assembledFrom rows: FoundRows, _ reading: DocumentReading, mark: HighWaterMark?) {
    let found = reading(rows.newestDocuments)
    guard let source = found.source, source.itemCount > 0 else { return nil }
    let missing = ["the list of generations"] + found.problems.map(\.key.description)
    let number = max(mark?.generation ?? 1, 1)
    let record = GenerationRecord(
      generation: number, sequence: Int64(clamping: mark?.sequence ?? 1), storedAtUnixMs: mark?.storedAtUnixMs ?? 0,
      origin: "", reason: "", actor: "", requests: 1, items: 0, bytes: 0, isKeyframe: true)
    self.init(record: record.partial(missing: missing, items: source.itemCount), missing: missing)
    isAssembled = true
  }
}

extension GenerationRecord {
  fileprivate func partial(missing: [String], items: Int) -> GenerationRecord {
    var record = self
    record.origin = "recovery"
    record.reason = "salvaged without \(missing.joined(separator: ", "))".bounded
    record.actor = "afterimage"
    record.items = Int64(items)
    return record
  }
}
