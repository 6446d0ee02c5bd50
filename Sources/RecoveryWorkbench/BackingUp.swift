import Documents
import DurableFiles
import GenerationStore
import Studio
import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Workbench {
  /// A whole copy of the database in one file, as of one moment, also beside a running host. The name appears only when
  /// the copy is whole and on disk.
  public func backUp(to path: String) throws(ToolFailure) -> Answer {
    try refuseStandardOutput(path)
    try refuseExisting(path)
    let slash = path.lastIndex(of: "/")
    let target = slash.map { String(path[..<$0]) } ?? "."
    guard target.isEmpty || FileFacts(target) != nil else {
      throw ToolFailure(.noInput, "There is no folder \(target) for the copy. Create it, or correct the path.")
    }
    // Beside the target, so that the last step is a rename.
    let beginning = "\(path).\(getpid()).partial"
    return try explained {
      do {
        let reader = try self.reader()
        defer { reader.close() }
        try reader.backUp(to: beginning)
        let newest = try Self.newestGeneration(in: beginning)
        try DurableFile.moveDurably(from: beginning, to: path)
        return answer(path, newest)
      } catch {
        for name in [beginning, "\(beginning)-journal"] { _ = try? DurableFile.remove(name) }
        throw error
      }
    }
  }

  private static func newestGeneration(in path: String) throws -> Int64? {
    let copy = try GenerationReader.open(.studio, databasePath: path, leavingNoTrace: true)
    defer { copy.close() }
    return try copy.head()?.generation
  }

  private func answer(_ path: String, _ newest: Int64?) -> Answer {
    let bytes = FileFacts(path)?.bytes ?? 0
    let generation = newest.map { "up to generation \($0)" } ?? "without a generation"
    return Answer(
      ["file": .string(path), "bytes": .int(bytes), "generation": newest.map { .int($0) } ?? .null],
      lines: ["the database was copied to \(path) (\(bytes) bytes, \(generation))"],
      notices: ["A show's presets and packages are files of their own: copy those folders too."])
  }
}
