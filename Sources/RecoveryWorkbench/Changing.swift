import Documents
import DurableFiles
import GenerationStore
import HostClient
import PersistenceMessages
import Studio
import StudioState

// The commands that change something. While a host runs they go through it, since it is the one writer; otherwise they
// take its lock for as long as they work. What they store is appended: nothing is destroyed.
extension Workbench {
  public func pin(_ selector: GenerationSelector, label: String) async throws(ToolFailure) -> Answer {
    if let problem = PinLabel.problem(with: label) {
      throw ToolFailure(.usage, MarkFailure.badLabel(problem).description)
    }
    let number: Int64
    switch try writer() {
    case .host(let host):
      number = try Self.number(in: try await host.change("PUT", selector.path("pin"), ["label": .string(label)]))
    case .lock(let lock):
      defer { lock.release() }
      number = try reading { try $0.resolve(selector) }
      try withStore { try $0.pin(number, label: label) }
    }
    return Answer(
      ["generation": .int(number), "pinned": .string(label)],
      lines: ["generation \(number) is pinned as \"\(label)\""])
  }

  public func unpin(_ selector: GenerationSelector) async throws(ToolFailure) -> Answer {
    let number: Int64
    switch try writer() {
    case .host(let host): number = try Self.number(in: try await host.change("DELETE", selector.path("pin"), nil))
    case .lock(let lock):
      defer { lock.release() }
      number = try reading { try $0.resolve(selector) }
      try withStore { try $0.unpin(number) }
    }
    return Answer(
      ["generation": .int(number), "pinned": nil],
      lines: ["generation \(number) is not pinned; it goes when it falls out of the ring"])
  }

  /// The generation that the host says it has marked.
  private static func number(in answer: JSONValue) throws(ToolFailure) -> Int64 {
    guard let number = answer["generation"]?.intValue else {
      throw ToolFailure(.bug, "The host's answer names no generation: \(CanonicalJSON.text(answer))")
    }
    return number
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
      let installed = hasDatabase ? try reading { try $0.head() == nil ? nil : $0.load(.current) } : nil
      guard !isOfAnotherProgram else {
        throw ToolFailure(
          .usage, "\(folder) holds the state of another program, and \(path) is a show.",
          remedy: "Name the data folder of a studio with --data-dir.")
      }
      let state = try ExportedState.read(content, path, installed: installed?.state.packages ?? .empty)
      let (from, stored) = try append(.import, reason: "import of \(Self.name(of: path))") { _ in StateDocuments(state)
      }
      return Self.imported(
        path,
        [
          "from": from.map { .int($0) } ?? .null, "stored": stored.map { .int($0) } ?? .null,
          "layers": .int(Int64(state.layers.count)),
        ])
    }
  }

  private static func imported(_ path: String, _ json: JSONValue) -> Answer {
    let words = { (name: String) in json[name]?.intValue.map { "\($0)" } ?? "?" }
    return Answer(json, lines: ["\(path) was stored as generation \(words("stored")) (\(words("layers")) layers)"])
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

extension GenerationSelector {
  /// The path of a route about this generation. The host resolves the selector, in the folder that it stores in now.
  func path(_ route: String) -> String { "generations/\(HostClient.pathPart(description))/\(route)" }
}
