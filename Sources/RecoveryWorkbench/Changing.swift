import DurableFiles
import GenerationStore
import HostClient
import PersistenceMessages
import Studio
public import StudioState

// The commands that change something. While a host runs they go through it, since it is the one writer; otherwise they
// take its lock for as long as they work. What they store is appended: nothing is destroyed.
extension Workbench {
  /// Brings an earlier generation, or one layer of it, back as a new generation. The target is verified first.
  ///
  /// - Parameter isForced: also when the host can't store first what is unsaved.
  public func rollBack(
    to selector: GenerationSelector, only: LayerID? = nil, isDryRun: Bool = false, isForced: Bool = false
  ) async throws(ToolFailure) -> Answer {
    let (target, number) = try reading { reader in
      let number = try reader.resolve(selector)
      return (try reader.load(number), number)
    }
    if let only, target.state.layers[only] == nil {
      throw ToolFailure(.noInput, "Generation \(number) has no layer \(only). See: afterimage show \(number)")
    }
    if isDryRun { return try dryRun(target, only) }
    switch try writer() {
    case .host(let host):
      var members: [JSONValue.Member] = only.map { [.init("only", .string("layer:\($0)"))] } ?? []
      if isForced { members.append(.init("force", true)) }
      return Self.rolledBack(try await host.change("POST", "generations/\(number)/rollback", .object(members)))
    case .lock(let lock):
      defer { lock.release() }
      let reason = only.map { "rollback of layer \($0) to generation \(number)" } ?? "rollback to generation \(number)"
      let (from, stored) = try append(.rollback, reason: reason) { head in
        guard let only else { return target.state }
        return try Self.replacing(only, from: target, in: head, current: try self.load(.current))
      }
      return Self.rolledBack([
        "from": from.map { .int($0) } ?? .null, "to": .int(number), "stored": .int(stored), "dryRun": false,
      ])
    }
  }

  public func pin(_ selector: GenerationSelector, label: String) async throws(ToolFailure) -> Answer {
    if let problem = PinLabel.problem(with: label) {
      throw ToolFailure(.usage, MarkFailure.badLabel(problem).description)
    }
    let number = try reading { try $0.resolve(selector) }
    switch try writer() {
    case .host(let host): _ = try await host.change("PUT", "generations/\(number)/pin", ["label": .string(label)])
    case .lock(let lock):
      defer { lock.release() }
      try withStore { try $0.pin(number, label: label) }
    }
    return Answer(
      ["generation": .int(number), "pinned": .string(label)],
      lines: ["generation \(number) is pinned as \"\(label)\""])
  }

  public func unpin(_ selector: GenerationSelector) async throws(ToolFailure) -> Answer {
    let number = try reading { try $0.resolve(selector) }
    switch try writer() {
    case .host(let host): _ = try await host.change("DELETE", "generations/\(number)/pin", nil)
    case .lock(let lock):
      defer { lock.release() }
      try withStore { try $0.unpin(number) }
    }
    return Answer(
      ["generation": .int(number), "pinned": nil],
      lines: ["generation \(number) is not pinned; it goes when it falls out of the ring"])
  }

  /// Stores what ``export(_:to:)`` wrote, or a state written by hand, as a new generation; on air at once when a host
  /// runs.
  ///
  /// - Parameter isForced: also when the host can't store first what is unsaved.
  public func importing(_ path: String, isForced: Bool = false) async throws(ToolFailure) -> Answer {
    let content = try ExportedState.content(of: path)
    // Also into a folder that is new: that is how a show moves to another machine.
    try explained { try DataFolder.createFolder(folder) }
    switch try writer() {
    case .host(let host):
      return Self.imported(
        path, try await host.change("POST", "import\(isForced ? "?force=true" : "")", content: content))
    case .lock(let lock):
      defer { lock.release() }
      let hasDatabase = FileFacts(databasePath) != nil
      let installed = hasDatabase ? try reading { try $0.head() == nil ? nil : $0.load(try $0.resolve(.current)) } : nil
      let state = try ExportedState.read(content, path, installed: installed?.state.packages ?? .empty)
      let (from, stored) = try append(.import, reason: "import of \(Self.name(of: path))") { _ in state }
      return Self.imported(
        path,
        ["from": from.map { .int($0) } ?? .null, "stored": .int(stored), "layers": .int(Int64(state.layers.count))])
    }
  }

  private static func imported(_ path: String, _ json: JSONValue) -> Answer {
    let words = { (name: String) in json[name]?.intValue.map { "\($0)" } ?? "?" }
    return Answer(json, lines: ["\(path) was stored as generation \(words("stored")) (\(words("layers")) layers)"])
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private func dryRun(_ target: LoadedGeneration, _ only: LayerID?) throws(ToolFailure) -> Answer {
    let current: LoadedGeneration
    do throws(ToolFailure) {
      current = try load(.current)
    } catch {
      // A damaged generation is the best reason to go back; it only can't be compared with.
      guard only == nil, error.exit == .found || error.exit == .noInput else { throw error }
      return Self.wouldChange(from: nil, target, nil)
    }
    let result = try only.map { id throws(ToolFailure) in
      try Self.replacing(id, from: target, in: current.summary.generation, current: current)
    }
    return Self.wouldChange(
      from: current.summary.generation, target, StateDiff.changes(from: current.state, to: result ?? target.state))
  }

  /// - Parameter changes: nil when the current generation can't be read.
  private static func wouldChange(from current: Int64?, _ target: LoadedGeneration, _ changes: [StateChange]?) -> Answer
  {
    let number = target.summary.generation
    let words =
      changes.map { $0.isEmpty ? ["nothing"] : lines($0) } ?? ["everything: the current generation can't be read"]
    return Answer(
      [
        "from": current.map { .int($0) } ?? .null, "to": .int(number), "stored": nil, "dryRun": true,
        "changes": changes.map { .array($0.map(\.json)) } ?? .null,
      ],
      lines: [
        "rollback from \(current.map { "generation \($0)" } ?? "the current generation") to \(number) would change:"
      ]
        + words)
  }

  /// The current state with one layer as it was; one that is gone comes back where it lay.
  private static func replacing(
    _ id: LayerID, from target: LoadedGeneration, in head: Int64?, current: LoadedGeneration
  ) throws(ToolFailure) -> StudioState {
    guard current.summary.generation == head, let layer = target.state.layers[id] else {
      throw ToolFailure(.busy, "Another program stored a generation meanwhile. Repeat the command.")
    }
    var state = current.state
    if !state.layers.replace(layer) {
      guard state.layers.count < LayerStack.maximumCount else {
        throw ToolFailure(.usage, "The show has \(LayerStack.maximumCount) layers already, the most that it can have.")
      }
      state.layers.insert(layer, at: target.state.layers.position(of: id) ?? state.layers.count)
    }
    if state.packages[layer.package] == nil, let package = target.state.packages[layer.package] {
      state.packages = state.packages.merging(PackageCatalog([package]))
    }
    return state
  }

  private static func rolledBack(_ json: JSONValue) -> Answer {
    let words = { (name: String) in json[name]?.intValue.map { "\($0)" } ?? "none" }
    return Answer(
      json, lines: ["rolled back from generation \(words("from")) to \(words("to")); stored as \(words("stored"))"])
  }
}
