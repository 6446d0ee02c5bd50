import GenerationStore
import PersistenceMessages
import StudioState

// The commands that only look: on a running host's folder, a stopped one's, a copy, or read-only media.
extension Workbench {
  public func list() throws(ToolFailure) -> Answer {
    let generations = try reading { try $0.list() }
    var table = TextTable(["GEN", "STORED AT", "ORIGIN", "REASON", "ACTOR", "REQ", "LAYERS", "BYTES", "MARKS"])
    for generation in generations {
      table.append([
        "\(generation.generation)", generation.storedAt, generation.origin, generation.reason, generation.actor,
        "\(generation.requests)", "\(generation.layers)", "\(generation.bytes)", generation.marks,
      ])
    }
    return Answer(["generations": .array(generations.map(\.json))], lines: table.lines)
  }

  public func show(_ selector: GenerationSelector) throws(ToolFailure) -> Answer {
    let loaded = try load(selector)
    let summary = loaded.summary
    let config = loaded.state.config
    var lines = [
      "generation \(summary.generation), stored \(summary.storedAt), \(summary.origin) "
        + TextTable.printable("\(summary.reason) by \(summary.actor)")
        + (summary.marks.isEmpty ? "" : " (\(summary.marks))"),
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
    lines += table.lines
    return Answer(
      ["generation": summary.json, "state": loaded.state.json(sequence: summary.sequence)], lines: lines)
  }

  /// Exit code 1 when there is a difference, as diff has it.
  public func diff(_ from: GenerationSelector, _ to: GenerationSelector) throws(ToolFailure) -> Answer {
    let (old, new) = try reading { reader in
      (try reader.load(try reader.resolve(from)), try reader.load(try reader.resolve(to)))
    }
    let changes = StateDiff.changes(from: old.state, to: new.state)
    return Answer(
      [
        "from": .int(old.summary.generation), "to": .int(new.summary.generation),
        "changes": .array(changes.map(\.json)),
      ],
      lines: Self.lines(changes), exit: changes.isEmpty ? .fine : .found)
  }

  /// Checks one generation, the current one when `selector` is nil, or all and SQLite's own structures.
  public func verify(_ selector: GenerationSelector?, all: Bool = false) throws(ToolFailure) -> Answer {
    try reading { reader in
      let numbers = all ? try reader.list().map(\.generation) : [try reader.resolve(selector ?? .current)]
      var damaged: [DamagedDocument] = []
      for number in numbers { damaged += try reader.verify(number) }
      let problems = all ? try reader.integrityProblems() : []
      let isFine = damaged.isEmpty && problems.isEmpty
      let lines =
        damaged.map { TextTable.printable($0.description) } + problems.map { "database: \($0)" }
        + ["\(numbers.count) checked, " + (isFine ? "all whole" : "\(damaged.count + problems.count) problems")]
      return Answer(
        [
          "ok": .bool(isFine), "checked": .int(Int64(numbers.count)), "damaged": .array(damaged.map(\.json)),
          "integrity": .array(problems.map { .string($0) }),
        ],
        lines: lines,
        notices: isFine
          ? [] : ["Damaged generations stay where they are. Roll back to a whole one, or see: afterimage salvage"],
        exit: isFine ? .fine : .found)
    }
  }

  /// Writes one generation with its packages to a new file, as ``importing(_:)`` reads it.
  public func export(_ selector: GenerationSelector, to path: String) throws(ToolFailure) -> Answer {
    let loaded = try load(selector)
    try ExportedState.write(loaded, to: path)
    let generation = loaded.summary.generation
    return Answer(
      ["generation": .int(generation), "file": .string(path)],
      lines: ["generation \(generation) was exported to \(path)"])
  }

  /// A whole copy of the database in one file, also beside a running host.
  public func backUp(to path: String) throws(ToolFailure) -> Answer {
    try refuseExisting(path)
    try reading { try $0.backUp(to: path) }
    let bytes = FileFacts(path)?.bytes ?? 0
    return Answer(
      ["file": .string(path), "bytes": .int(bytes)], lines: ["the database was copied to \(path) (\(bytes) bytes)"])
  }

  func load(_ selector: GenerationSelector) throws(ToolFailure) -> LoadedGeneration {
    try reading { try $0.load(try $0.resolve(selector)) }
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
    throw ToolFailure(.outputExists, "\(path) exists, and is left as it is. Choose another name, or move it away.")
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
