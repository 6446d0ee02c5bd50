import Documents
import DurableFiles
import GenerationStore
import Studio
import StudioState

// A state in a file of its own, in the ``ExportFormat``.
extension Workbench {
  /// The path that stands for stdout.
  static let standardOutput = "-"

  /// Writes a state with its packages to a new file, as ``importing(_:isForced:)`` reads it.
  ///
  /// - Parameters:
  ///   - selector: nil for the state that a running host has on air, with what is unsaved; without a host the newest
  ///     generation.
  ///   - path: `-` for stdout.
  public func export(_ selector: GenerationSelector?, to path: String) async throws(ToolFailure) -> Answer {
    if path != Self.standardOutput { try refuseExisting(path) }
    if selector == nil, let host = runningHost() { return try await exportOnAir(host, path) }
    let view = await followingHost()
    let loaded = try view.workbench.load(selector ?? .current)
    let generation = loaded.summary.generation
    var answer = try Self.exported(
      ExportFormat.content(of: loaded.state, sequence: loaded.summary.sequence), path, "generation \(generation)",
      ["generation": .int(generation), "file": .string(path)])
    answer.notices = view.notices + Self.warning(view.health, generation)
    return answer
  }

  /// What the host gives is written as it came: stored or not, it is the newest state.
  private func exportOnAir(_ host: RunningHost, _ path: String) async throws(ToolFailure) -> Answer {
    let content: [UInt8]
    let health: JSONValue
    do throws(ToolFailure) {
      content = try await host.content("export")
      health = try await host.ask("GET", "health").json
    } catch {
      guard error.exit == .hostUnreachable else { throw error }
      throw ToolFailure(
        error.exit, error.cause, remedy: "For what is stored: afterimage export current --to FILE. \(error.remedy)")
    }
    let sequence = (try? JSONParser.parse(content, limits: .init(bytes: 64 << 20)))?["sequence"]?.intValue
    let stored = health["persistence"]?["storedSequence"]?.intValue
    // Asked after the export: what the export holds and is not stored yet was unsaved then.
    let isUnsaved = sequence ?? .max > stored ?? 0
    let generation = isUnsaved ? JSONValue.null : health["persistence"]?["storedGeneration"] ?? .null
    return try Self.exported(
      content, path, isUnsaved ? "the state on air, with unsaved changes," : "the state on air",
      [
        "generation": generation, "file": .string(path), "sequence": sequence.map { .int($0) } ?? .null,
        "unsaved": .bool(isUnsaved),
      ])
  }

  private static func exported(
    _ content: [UInt8], _ path: String, _ what: String, _ json: JSONValue
  ) throws(ToolFailure) -> Answer {
    guard path != standardOutput else {
      return Answer(json, lines: ["\(what) was exported to stdout"], content: content)
    }
    try explained { try DurableFile.replace(path, with: content) }
    return Answer(json, lines: ["\(what) was exported to \(path)"])
  }

  private static func warning(_ health: JSONValue?, _ generation: Int64) -> [String] {
    guard health?["persistence"]?["unsavedChanges"] == true else { return [] }
    return [
      "The running host has unsaved changes that are newer than generation \(generation). To export them too, name no "
        + "generation: afterimage export --to FILE"
    ]
  }

  /// Refuses to write a file named `-`: what is written is not one stream.
  func refuseStandardOutput(_ path: String) throws(ToolFailure) {
    guard path == Self.standardOutput else { return }
    throw ToolFailure(
      .usage, "--to - is not possible here: the result is not a text.", remedy: "Name a new file or folder.")
  }
}
