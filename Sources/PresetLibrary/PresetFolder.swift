import DurableFiles
import StudioState

/// Presets as files: `NAME.json`, mode 0600. The caller checks names. A symbolic link in place of a preset is never
/// followed: reading it is an error, and a save replaces the link itself.
struct PresetFolder: Sendable {
  let path: String

  private static let ending = ".json"

  func write(_ name: String, _ content: [UInt8]) throws(PresetFailure) {
    do throws(FileFailure) {
      try DataFolder.createFolder(path)
    } catch {
      throw Self.problem(error, name, "saved")
    }
    let summaries = try summaries()
    guard summaries.count < PresetLibrary.maximumCount || summaries.contains(where: { $0.name == name }) else {
      throw PresetFailure(
        .tooMany, name: name, "there are \(summaries.count) presets, at most \(PresetLibrary.maximumCount) are kept",
        remedy: "Delete one, or save over one.")
    }
    do throws(FileFailure) {
      try DurableFile.replace(file(of: name), with: content)
    } catch {
      throw Self.problem(error, name, "saved")
    }
  }

  func read(_ name: String, limit: Int) throws(PresetFailure) -> [UInt8] {
    let content: [UInt8]?
    do throws(FileFailure) {
      content = try DurableFile.read(file(of: name), limit: limit)
    } catch {
      throw Self.problem(error, name, "read")
    }
    guard let content else { throw Self.notFound(name) }
    return content
  }

  func remove(_ name: String) throws(PresetFailure) {
    let wasThere: Bool
    do throws(FileFailure) {
      wasThere = try DurableFile.remove(file(of: name))
    } catch {
      throw Self.problem(error, name, "deleted")
    }
    guard wasThere else { throw Self.notFound(name) }
  }

  /// In no particular order; empty if the folder does not exist yet.
  func summaries() throws(PresetFailure) -> [PresetSummary] {
    let entries: [FolderListing.Entry]
    do throws(FileFailure) {
      entries = try FolderListing.existingEntries(of: path)
    } catch {
      throw PresetFailure(
        .io, name: "", "the presets in \(path) can't be listed: \(error.message)", remedy: error.remedy)
    }
    return entries.compactMap(Self.summary)
  }

  private static func summary(_ entry: FolderListing.Entry) -> PresetSummary? {
    guard entry.isRegularFile, entry.name.hasSuffix(ending) else { return nil }
    let name = String(entry.name.dropLast(ending.count))
    guard isStudioName(name) else { return nil }
    return PresetSummary(name: name, bytes: entry.bytes, modifiedAtUnixMs: entry.modifiedAtUnixMs)
  }

  private func file(of name: String) -> String { "\(path)/\(name)\(Self.ending)" }

  private static func notFound(_ name: String) -> PresetFailure {
    PresetFailure(
      .notFound, name: name, "there is no preset \"\(name)\"",
      remedy: "Use one of the names that the list of presets shows.")
  }

  private static func problem(_ failure: FileFailure, _ name: String, _ participle: String) -> PresetFailure {
    PresetFailure(
      failure.isTooLarge ? .tooLarge : .io, name: name,
      "the preset \"\(name)\" can't be \(participle): \(failure.message)", remedy: failure.remedy)
  }
}
