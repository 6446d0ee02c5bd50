import DurableFiles
import GenerationStore
import Studio
import StudioState

/// An exported state in a file of its own, in the ``ExportFormat``.
enum ExportedState {
  static func content(of path: String) throws(ToolFailure) -> [UInt8] {
    try explained {
      guard let bytes = try DurableFile.read(path, limit: ExportFormat.maximumBytes) else {
        throw ToolFailure(.noInput, "There is no file \(path).")
      }
      return bytes
    }
  }

  /// Checks everything, because the file is untrusted.
  ///
  /// - Parameters:
  ///   - path: for messages.
  ///   - installed: packages of the show that takes it; those in the file count before them.
  static func read(
    _ content: [UInt8], _ path: String, installed: PackageCatalog
  ) throws(ToolFailure) -> StudioState {
    do {
      return try ExportFormat.read(content, installed: installed)
    } catch {
      throw ToolFailure(.corruptInput, "\(path) can't be imported: \(error). Nothing was changed.")
    }
  }
}
