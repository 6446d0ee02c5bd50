import DurableFiles
import PersistenceMessages
import SQLiteConnection

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rebuilds a damaged database from its pages if SQLite can't read all of it: the part of ``DatabaseReplacement`` that
/// works like `afterimage salvage`, within the time that a show can wait.
struct PageSalvage {
  struct Result: Equatable {
    /// The path of the rebuilt database.
    var path: String
    var saved: [DatabaseSalvage.Saved]
    var lost: [Int64]

    var words: String {
      let partial = saved.filter { !$0.missing.isEmpty }.map(\.generation)
      let some = partial.isEmpty ? "" : ", \(GenerationNumbers.words(partial)) of them in part"
      return "found in its pages: \(GenerationNumbers.words(saved.map(\.generation)))\(some); "
        + "lost: \(GenerationNumbers.words(lost))"
    }
  }

  var files: DatabaseFiles
  var options: StoreOptions
  /// The show to use if the damaged database no longer names it.
  var show: ShowID?

  /// - Parameters:
  ///   - place: a folder to build in; it must not exist.
  ///   - saved: the generations that SQLite could read. The pages are used only if they contain more.
  /// - Returns: nil if they contain no more than that.
  /// - Throws: `busy` if the deadline has passed: the search can be repeated without a deadline later.
  func run(in place: String, betterThan saved: [Int64]) throws(StoreFailure) -> Result? {
    let deadline = SalvageDeadline(within: options.salvageBudget, now: options.uptime)
    var salvage: DatabaseSalvage
    do throws(StoreFailure) {
      salvage = try DatabaseSalvage(options.reading, database: files.database, deadline)
    } catch {
      if error.code == .corrupt { return nil }
      throw error
    }
    if let newest = options.newestInMemory { salvage.leaveOutParts(from: newest) }
    guard saved.isEmpty && !salvage.isEmpty || Self.isBetter(salvage.wholeGenerations, than: saved) else { return nil }
    guard mkdir(place, 0o700) == 0 else { throw .cannotOpen("creation of \(place)", code: errno, files) }
    let report = try salvage.write(into: place, show: show, wallClock: options.wallClock)
    return Result(
      path: DatabaseFiles(folder: place).database, saved: report.saved, lost: report.lost.map(\.generation))
  }

  /// A newer undamaged generation is worth more than many old ones.
  static func isBetter(_ found: [Int64], than saved: [Int64]) -> Bool {
    let (newest, known) = (found.max() ?? 0, saved.max() ?? 0)
    return newest > known || newest == known && found.count > saved.count
  }
}

/// Formats numbers of generations for a sentence.
enum GenerationNumbers {
  /// - Parameter generations: ascending.
  static func words(_ generations: [Int64]) -> String {
    guard let first = generations.first, let last = generations.last else { return "no generation" }
    return generations.count == 1 ? "generation \(first)" : "\(generations.count) generations from \(first) to \(last)"
  }
}
