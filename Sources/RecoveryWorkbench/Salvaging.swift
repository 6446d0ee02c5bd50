import Concurrency
import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import Studio
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads what is whole out of a damaged database, or out of its log alone, and stores it in a new data folder. The source
/// is read without a trace: no log and no shared memory appear beside it, and nothing is ever written into it.
public struct Salvaging: Sendable {
  /// The damaged `state.db`, whose log is read too when it lies beside it; or a log that is left alone.
  public let source: String
  /// The data folder to be made; it must not exist.
  public let folder: String

  public init(source: String, folder: String) {
    self.source = source
    self.folder = folder
  }

  public func run() throws(ToolFailure) -> Answer {
    guard FileFacts(source) != nil || FileFacts("\(source)-wal") != nil else {
      throw ToolFailure(.noInput, "There is no database at \(source).")
    }
    try Workbench(folder: folder).refuseStandardOutput(folder)
    try refuseExisting(folder)
    let salvage: DatabaseSalvage
    do throws(StoreFailure) {
      salvage = try DatabaseSalvage(documentReading, database: source)
    } catch {
      // The store's usual advice for damage is to salvage.
      throw error.code == .corrupt ? ToolFailure(.corruptInput, error.description) : ToolFailure(error)
    }
    return answer(try write(salvage))
  }

  /// Another program's, if the database still says so; else a show's.
  private var documentReading: DocumentReading {
    guard let reader = try? GenerationReader.open(.studio, databasePath: source, leavingNoTrace: true) else {
      return .studio
    }
    defer { reader.close() }
    return reader.isOfAnotherProgram ? .plain : .studio
  }

  /// All of it or nothing: a folder that is half filled would be taken for the show.
  private func write(_ salvage: DatabaseSalvage) throws(ToolFailure) -> DatabaseSalvage.Report {
    try explained {
      try DataFolder.createFolder(folder)
      do {
        // A host that is started on the new folder too early has to wait.
        let lock = try FolderLock(folder: folder, program: Workbench.program)
        defer { lock.release() }
        return try salvage.write(into: folder, wallClock: WallClock.unixMilliseconds)
      } catch {
        removeBeginning()
        throw error
      }
    }
  }

  /// Only what the lines above can have made, in a folder that did not exist before.
  private func removeBeginning() {
    for name in DataFolderLayout.databaseNames.reversed() + [DataFolderLayout.headName, DataFolderLayout.lockName] {
      _ = try? DurableFile.remove("\(folder)/\(name)")
    }
    rmdir(folder)
  }

  private func answer(_ report: DatabaseSalvage.Report) -> Answer {
    let isWhole =
      report.lost.isEmpty && report.notes.isEmpty && report.unaccounted.isEmpty
      && report.saved.allSatisfy(\.missing.isEmpty)
    return Answer(
      [
        "folder": .string(folder), "saved": .array(report.saved.map(Self.json)),
        "lost": .array(
          report.lost.map {
            ["generation": .int($0.generation), "problem": .string($0.problems.joined(separator: "; "))]
          }),
        "notes": .array(report.notes.map { .string($0) }),
        "unaccounted": .array(
          report.unaccounted.map { [.int($0.lowerBound), .int($0.upperBound)] }),
      ],
      lines: lines(report),
      notices: [
        "Look at them with: afterimage list --data-dir \(folder). Then start the program on that folder. A show's presets "
          + "and packages are files of their own: copy those folders too."
      ],
      exit: isWhole ? .fine : .found)
  }

  private static func json(_ saved: DatabaseSalvage.Saved) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("generation", .int(saved.generation)), .init("stored", .int(saved.generation)),
    ]
    if !saved.missing.isEmpty { members.append(.init("missing", .array(saved.missing.map { .string($0) }))) }
    return .object(members)
  }

  private func lines(_ report: DatabaseSalvage.Report) -> [String] {
    var lost = GroupedGenerations()
    for loss in report.lost { lost.add(loss.generation, loss.problems.joined(separator: "; ")) }
    var inPart = GroupedGenerations()
    let partial = report.saved.filter { !$0.missing.isEmpty }
    for saved in partial { inPart.add(saved.generation, "without \(saved.missing.joined(separator: ", "))") }
    let some = partial.isEmpty ? "" : " (\(partial.count) of them in part)"
    return
      ["\(report.saved.count) generations were saved into \(folder)\(some), \(report.lost.count) are lost"]
      + inPart.lines.map { "in part: \($0)" } + lost.lines.map { "lost: \($0)" }
      + report.unaccounted.map { "unaccounted: \(GroupedGenerations.words([$0])): pruned once, or lost" }
      + report.notes.map { TextTable.printable("note: \($0)") }
  }
}
