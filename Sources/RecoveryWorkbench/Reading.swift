import Documents
import GenerationStore
import PersistenceMessages
import Studio
import StudioState

// The commands that only look: on a running host's folder, a stopped one's, a copy, or read-only media.
extension Workbench {
  /// - Parameter withRetention: tells of each generation why it stays, or why the next store prunes it.
  public func list(withRetention: Bool = false) throws(ToolFailure) -> Answer {
    let (generations, facts, isShow) = try reading {
      (try $0.list(), withRetention ? try $0.facts() : nil, !$0.isOfAnotherProgram)
    }
    let forecast = facts.map { RetentionForecast(generations, $0) }
    var table = TextTable(
      ["GEN", "STORED AT", "ORIGIN", "REASON", "ACTOR", "REQ", isShow ? "LAYERS" : "DOCUMENTS", "BYTES", "MARKS"]
        + (forecast == nil ? [] : ["RETENTION"]))
    for generation in generations {
      table.append(
        [
          "\(generation.generation)", generation.storedAt, generation.origin, generation.reason, generation.actor,
          "\(generation.requests)", "\(generation.items)", "\(generation.bytes)", generation.marks,
        ] + (forecast.map { [$0.words(for: generation.generation)] } ?? []))
    }
    guard let forecast else {
      return Answer(generations.json, lines: table.lines)
    }
    return Answer(
      [
        "generations": .array(generations.map { forecast.json(for: $0) }), "policy": forecast.policyJSON,
        "nextStorePrunes": .array(forecast.nextStorePrunes.map { .int($0) }),
      ],
      lines: table.lines + [""] + forecast.lines)
  }

  /// Of a suspect generation also what differs from the newest proven one: that is where the crash comes from.
  public func show(_ selector: GenerationSelector) throws(ToolFailure) -> Answer {
    let (loaded, suspicion) = try reading { reader in
      let loaded = try reader.load(selector)
      return (loaded, loaded.summary.isSuspect ? try Suspicion(of: loaded, in: reader) : nil)
    }
    let summary = loaded.summary
    if let plain = loaded.source as? PlainDocuments {
      return Answer(
        loaded.json,
        lines: [Self.headline(summary), ""] + PlainState(documents: plain.documents).lines)
    }
    var members = loaded.json.objectValue ?? []
    if let suspicion { members.append(.init("differsFromProven", suspicion.json)) }
    return Answer(
      .object(members), lines: Self.lines(loaded) + (suspicion.map { [""] + $0.lines } ?? []))
  }

  private static func lines(_ loaded: LoadedGeneration) -> [String] {
    let summary = loaded.summary
    let config = loaded.state.config
    let lines = [
      headline(summary),
      "output \(TextTable.printable(config.outputName)), \(config.outputWidth)x\(config.outputHeight) at "
        + "\(config.frameRate) frames a second, settled OSC values: \(config.oscSettledValues.rawValue)",
      "",
    ]
    var table = TextTable(["LAYER", "PACKAGE", "ON", "OPACITY", "BLEND", "PARAMETERS"])
    for layer in loaded.state.layers {
      let parameters = zip(layer.parameters.names, layer.parameters.values)
        .map { "\($0)=\(CanonicalJSON.text($1.json))" }.joined(separator: " ")
      table.append([
        layer.id.rawValue, layer.package.rawValue, layer.isEnabled ? "on" : "off", "\(layer.opacity)",
        layer.blendMode.rawValue, parameters,
      ])
    }
    return lines + table.lines
  }

  private static func headline(_ summary: GenerationSummary) -> String {
    "generation \(summary.generation), stored \(summary.storedAt), \(summary.origin) "
      + TextTable.printable("\(summary.reason) by \(summary.actor)")
      + (summary.marks.isEmpty ? "" : " (\(summary.marks))")
  }

  /// Exit code 1 when there is a difference, as diff has it.
  public func diff(_ from: GenerationSelector, _ to: GenerationSelector) throws(ToolFailure) -> Answer {
    let difference = try reading { GenerationDifference(from: try $0.load(from), to: try $0.load(to)) }
    return Answer(
      difference.json, lines: Self.lines(difference.changes), exit: difference.changes.isEmpty ? .fine : .found)
  }

  func load(_ selector: GenerationSelector) throws(ToolFailure) -> LoadedGeneration {
    try reading { try $0.load(selector) }
  }

  static func lines(_ changes: [StateChange]) -> [String] {
    let text = { (value: JSONValue?) in value.map { CanonicalJSON.text($0) } ?? "-" }
    return changes.map { TextTable.printable("\($0.path): \(text($0.before)) -> \(text($0.after))") }
  }
}

extension GenerationSelector {
  static let current = GenerationSelector(.current, "current")
}

func refuseExisting(_ path: String) throws(ToolFailure) {
  guard FileFacts(path) == nil else {
    throw ToolFailure(
      .outputExists, "\(path) exists, and is left as it is.", remedy: "Choose another name, or move it away.")
  }
}

extension GenerationSummary {
  /// For people: what is special about it.
  var marks: String {
    var words: [String] = []
    if isCurrent { words.append("current") }
    if isProven { words.append("proven") }
    if isSuspect { words.append("suspect") }
    if isKeyframe { words.append("keyframe") }
    if let pin { words.append("pinned \"\(TextTable.printable(pin))\"") }
    return words.joined(separator: ", ")
  }
}
