import DatabaseForensics
package import Documents
import DurableFiles
package import PersistenceMessages
import SQLiteConnection

/// Gets generations out of a database that may be damaged in any way, into a new data folder. The source is read once,
/// byte by byte, and never opened by SQLite: nothing is written beside it.
///
/// 1. Rows are looked for in every leaf page of the database and of its log, whether a tree leads there or not.
/// 2. A generation is saved whole when it is valid in every checksum, and in part where that is the best that is left
///    (``SalvagePlan``): with the origin `recovery`, and a reason that names what is missing.
/// 3. What was saved is read again from the new folder before it is reported.
package struct DatabaseSalvage {
  package struct Saved: Sendable, Equatable {
    package var generation: Int64
    /// Documents that are missing in it; empty for a whole one.
    package var missing: [String]
  }

  package struct Lost: Sendable, Equatable {
    package var generation: Int64
    package var problems: [String]
  }

  package struct Report: Sendable, Equatable {
    /// Ascending.
    package var saved: [Saved]
    package var lost: [Lost]
    package var notes: [String]
    /// Numbers in between of which nothing was found while the list of generations is damaged: pruned once, or lost.
    package var unaccounted: [ClosedRange<Int64>]
  }

  private let reading: DocumentReading
  private let rows: FoundRows
  private let image: DatabaseImage
  private var plan: SalvagePlan
  private let mark: HighWaterMark?
  private let deadline: SalvageDeadline

  /// Larger than the store's own bound several times.
  private static let largestFile = 1 << 30

  /// Reads and examines; writes nothing.
  ///
  /// - Parameters:
  ///   - reading: how documents become states.
  ///   - path: of the database, or of a log alone.
  ///   - deadline: also for what is written later.
  /// - Throws: `corrupt` when there is nothing of ours to save, with the reason; `busy` when the deadline is over.
  package init(
    _ reading: DocumentReading, database path: String, _ deadline: SalvageDeadline = .never
  ) throws(StoreFailure) {
    self.reading = reading
    self.deadline = deadline
    var (database, log) = try Self.read(path)
    try deadline.check()
    if LogFrames.isLog(database) { (database, log) = ([], database) }
    (image, rows) = try Self.search(database, log, deadline)
    let files = DatabaseFiles(naming: path)
    mark = HeadFile.read(files.layout.head)
    let listed = ListedRows(image)
    defer { listed?.close() }
    let list = listed?.wholeList
    var plan = try SalvagePlan(
      rows, reading, listed: list, findable: list == nil ? listed?.findableNumbers ?? [] : [], mark: mark, deadline)
    guard !plan.savings.isEmpty else { throw Self.nothing(in: path, image, rows, plan) }
    if list == nil {
      plan.notes.append("SQLite can't read the list of generations: every row that was found was tried")
    }
    if listed?.hasReadableMarks != true { plan.notes.append("pins and the marks proven and suspect can't be read") }
    if listed?.hasReadableRuns != true { plan.notes.append("the host's runs can't be read") }
    self.plan = plan
  }

  private static func read(_ path: String) throws(StoreFailure) -> (database: [UInt8], log: [UInt8]) {
    do throws(FileFailure) {
      // The log first: what a running host moves out of it meanwhile is found in the database then.
      let log = try DurableFile.read("\(path)-wal", limit: largestFile) ?? []
      return (try DurableFile.read(path, limit: largestFile) ?? [], log)
    } catch {
      throw StoreFailure(error)
    }
  }

  /// With the page size that the files name; with others when that finds nothing, since the header may be damaged.
  private static func search(
    _ database: [UInt8], _ log: [UInt8], _ deadline: SalvageDeadline
  ) throws(StoreFailure) -> (DatabaseImage, FoundRows) {
    let image = DatabaseImage(database: database, log: log, usualPageSize: ConnectionSettings.pageSize)
    let rows = try FoundRows(image, deadline)
    guard rows.isEmpty else { return (image, rows) }
    for size in [1024, 4096, 512, 2048, 8192] where size != image.pageSize {
      let other = DatabaseImage(database: database, log: log, pageSize: size, usualPageSize: size)
      let found = try FoundRows(other, deadline)
      if !found.isEmpty { return (other, found) }
    }
    return (image, rows)
  }

  private static func nothing(
    in path: String, _ image: DatabaseImage, _ rows: FoundRows, _ plan: SalvagePlan
  ) -> StoreFailure {
    if rows.isEmpty, image.isFirstPageAlone { return .logMissing(DatabaseFiles(naming: path)) }
    let reason =
      if image.database.isEmpty, image.log.isEmpty {
        "it is empty, and there is no log beside it"
      } else if rows.isEmpty, let id = image.applicationID, Int64(id) != SchemaVersion.applicationID {
        "it is a database of another program (application_id \(id))"
      } else if rows.isEmpty {
        "no row of an Afterimage database is in it"
      } else {
        "no generation and no document in it is undamaged"
      }
    return StoreFailure(
      .corrupt, "Nothing can be saved from \(path): \(reason)", remedy: "Look for a backup.")
  }

  /// Ascending: the generations of which every document is there.
  package var wholeGenerations: [Int64] { plan.savings.filter { $0.missing.isEmpty }.map(\.record.generation) }

  var isEmpty: Bool { plan.savings.isEmpty }

  /// Leaves out what is saved in part of this sequence and later ones: the caller has the whole state in memory and stores
  /// it next, and one sequence must not be two generations.
  mutating func leaveOutParts(from sequence: UInt64) {
    plan.savings.removeAll { !$0.missing.isEmpty && UInt64(clamping: $0.record.sequence) >= sequence }
  }

  /// Stores what can be saved in `folder`, which exists and is empty but for the lock.
  package func write(
    into folder: String, wallClock: @escaping @Sendable () -> Int64
  ) throws(StoreFailure) -> Report {
    try write(into: folder, show: nil, wallClock: wallClock)
  }

  /// - Parameter show: whose database it becomes, when the damaged one does not name it.
  func write(
    into folder: String, show: ShowID?, wallClock: @escaping @Sendable () -> Int64
  ) throws(StoreFailure) -> Report {
    let listed = ListedRows(image)
    defer { listed?.close() }
    let writer = try SalvageWriter(
      reading, folder: folder, retention: RetentionPolicy(listed?.settings ?? [:]), show: listed?.show ?? show,
      wallClock: wallClock)
    do throws(StoreFailure) {
      for saving in plan.savings {
        try deadline.check()
        try writer.append(saving.record, documents(of: saving))
      }
      let numbers = Set(plan.savings.map(\.record.generation))
      let partial = plan.savings.filter { !$0.missing.isEmpty }.map(\.record.generation)
      if let listed { try writer.copyMarksAndRuns(from: listed, of: numbers, partial: partial) }
      try writer.finish(highWaterMark)
    } catch {
      writer.drop()
      throw error
    }
    try verify(folder)
    return Report(
      saved: plan.savings.map { Saved(generation: $0.record.generation, missing: $0.missing) },
      lost: plan.losses.map { Lost(generation: $0.generation, problems: $0.problems) }, notes: plan.notes,
      unaccounted: plan.unaccounted)
  }

  private func documents(of saving: SalvagePlan.Saving) -> [Document] {
    if saving.isAssembled { return reading(rows.newestDocuments).source?.documents ?? [] }
    guard let found = try? GenerationReading(saving.record.generation, rows, reading) else { return [] }
    return saving.missing.isEmpty ? found.documents : found.source?.documents ?? []
  }

  /// Neither number is used again, even when the generations that had them are lost.
  private var highWaterMark: HighWaterMark {
    var highest = mark ?? HighWaterMark()
    for saving in plan.savings {
      highest.raise(
        to: HighWaterMark(
          generation: saving.record.generation, sequence: UInt64(clamping: saving.record.sequence),
          storedAtUnixMs: saving.record.storedAtUnixMs))
    }
    return highest
  }

  private func verify(_ folder: String) throws(StoreFailure) {
    let reader = try GenerationReader.open(
      reading, databasePath: DatabaseFiles(folder: folder).database, leavingNoTrace: true)
    defer { reader.close() }
    for saving in plan.savings {
      let damaged: [DamagedDocument]
      do { damaged = try reader.verify(saving.record.generation) } catch {
        throw error.cause ?? .notSaved(saving.record.generation)
      }
      guard damaged.isEmpty else { throw .notSaved(saving.record.generation) }
    }
  }
}

extension StoreFailure {
  fileprivate static func notSaved(_ generation: Int64) -> StoreFailure {
    StoreFailure(
      .invariant, "Generation \(generation) was written and can't be read again", remedy: "Report this.")
  }
}
