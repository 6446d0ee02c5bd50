public import Documents
public import PersistenceMessages
import SQLiteConnection

/// The stored state with which a start begins.
public struct Restored: Sendable {
  public var source: any DocumentSource
  public var generation: Int64
  /// 0 if the database's schema is newer and does not expose it.
  public var sequence: UInt64
  public var rung: RecoveryRung
  /// The losses, one sentence each; empty on the first rung.
  public var lost: [String]
  public var summary: GenerationSummary
}

/// Decides which generation of one database a start loads, from the result of reading each of them, newest first.
/// ``RecoveryTable`` decides where else a start looks.
///
/// | the list of generations | a generation                | then                                                 |
/// |-------------------------|-----------------------------|------------------------------------------------------|
/// | readable                | the newest is whole         | `newest`                                             |
/// | readable                | an older one is whole       | `older`: the newest of those                         |
/// | damaged                 | one is whole                | `salvaged`: the newest of those                      |
/// | either                  | none whole, some documents  | `partial`: the newest of those, or one that is empty |
/// | either                  | nothing readable            | nothing                                              |
enum RecoveryLadder {
  enum Condition: Equatable {
    case whole
    /// Damaged, with at least one readable document.
    case partial
    case lost
  }

  /// - Parameters:
  ///   - count: the number of generations; index 0 is the newest. `condition` is called for as few as possible.
  ///   - startsBelowHead: whether newer generations were skipped on purpose.
  /// - Returns: the index of the one to load; nil if none is usable.
  static func choose<Failure: Error>(
    count: Int, isListDamaged: Bool, startsBelowHead: Bool = false,
    condition: (Int) throws(Failure) -> Condition
  ) throws(Failure) -> (index: Int, rung: RecoveryRung)? {
    var partial: Int?
    for index in 0..<count {
      switch try condition(index) {
      case .whole: return (index, isListDamaged ? .salvaged : index == 0 && !startsBelowHead ? .newest : .older)
      case .partial: partial = partial ?? index
      case .lost: break
      }
    }
    return partial.map { ($0, .partial) }
  }
}

extension GenerationReader {
  struct Restoring {
    var restored: Restored?
    /// The checksum of the restored generation.
    var checksum: UInt64 = 0
    /// SQLite itself found damage: the file must not be written any more.
    var isStructural = false
    var passedOver: [String] = []
    /// All generations that the database lists, ascending.
    var listed: [Int64] = []
  }

  /// Runs the recovery ladder.
  ///
  /// - Parameter from: the generation to begin with instead of the newest one.
  /// - Throws: on errors of disk or locks, never because of damage.
  func restore(from first: Int64? = nil) throws(StoreFailure) -> Restoring {
    if isNewerSchema { return try restoreFromViews(from: first) }
    return try DatabaseFiles(naming: databasePath).attempt { () throws(SQLiteFailure) in try walk(from: first) }
  }

  private func walk(from first: Int64?) throws(SQLiteFailure) -> Restoring {
    var restoring = Restoring()
    let all: [Int64]
    do throws(SQLiteFailure) {
      all = try StoredRows(connection: connection).generations().map(\.record.generation)
    } catch {
      guard error.isDamage else { throw error }
      restoring.isStructural = true
      all = try Salvage(source: connection, reading: documentReading).generationNumbers()
    }
    restoring.listed = all
    let numbers = Array(all.filter { $0 <= first ?? Int64.max }.reversed())
    var readings: [Int: GenerationReading] = [:]
    let choice = try RecoveryLadder.choose(
      count: numbers.count, isListDamaged: restoring.isStructural, startsBelowHead: numbers.first != all.last
    ) { (index) throws(SQLiteFailure) in
      try examine(numbers[index], at: index, &readings, &restoring)
    }
    guard let choice, let reading = readings[choice.index], let source = reading.source else { return restoring }
    let marks = (try? StoredRows(connection: connection).marks()) ?? []
    restoring.checksum = reading.row.checksum
    restoring.restored = Restored(
      source: source, generation: reading.row.record.generation,
      sequence: UInt64(clamping: reading.row.record.sequence), rung: choice.rung,
      lost: restoring.passedOver,
      summary: GenerationSummary(reading.row.record, marks, isCurrent: reading.row.record.generation == all.last))
    return restoring
  }

  private func examine(
    _ number: Int64, at index: Int, _ readings: inout [Int: GenerationReading], _ restoring: inout Restoring
  ) throws(SQLiteFailure) -> RecoveryLadder.Condition {
    do throws(SQLiteFailure) {
      guard let reading = try generationReading(number) else { return .lost }
      if reading.isStructural { restoring.isStructural = true }
      restoring.note(reading.damaged.map(\.description))
      if reading.damaged.isEmpty {
        readings[index] = reading
        return .whole
      }
      guard reading.source != nil else { return .lost }
      // Only the newest usable one may be needed; the states of others are not kept.
      if readings.isEmpty { readings[index] = reading }
      return .partial
    } catch {
      guard error.isDamage else { throw error }
      restoring.isStructural = true
      restoring.note(["generation \(number): \(error.message)"])
      return .lost
    }
  }

  private func restoreFromViews(from first: Int64?) throws(StoreFailure) -> Restoring {
    var restoring = Restoring()
    for summary in try list() where summary.generation <= first ?? Int64.max {
      do throws(GenerationReadFailure) {
        let loaded = try load(summary.generation)
        restoring.restored = Restored(
          source: loaded.source, generation: summary.generation, sequence: loaded.summary.sequence,
          rung: summary.isCurrent ? .newest : .older, lost: restoring.passedOver, summary: loaded.summary)
        return restoring
      } catch {
        restoring.note([error.description])
      }
    }
    return restoring
  }
}

extension GenerationReader.Restoring {
  /// Bounded: a ring of damaged generations repeats the same few documents.
  fileprivate mutating func note(_ words: [String]) {
    passedOver.append(contentsOf: words.prefix(max(0, 50 - passedOver.count)))
  }
}
