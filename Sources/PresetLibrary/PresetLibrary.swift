import DurableFiles
public import StudioState

/// Presets: named stacks of layers, each a JSON file of its own in one folder, saved when the operator says so.
///
/// Synchronous on purpose: ``save(_:_:)`` returns only when the preset is on disk, because an operator who saves wants to
/// hear that it is there. No call may run on a render or event loop thread. Values without state, so any thread may call.
///
/// A preset is the stack of layers and nothing else. The config stays out: loading a look must not change the output's
/// size, rate or name in the middle of a show. A `config` in a preset's file (an exported state that was put there) is
/// passed over.
///
/// Loading reads only; making the loaded state the show's is the coordinator's durable mutation.
public struct PresetLibrary: Sendable {
  /// Largest preset, in bytes. 4,096 layers of 40 numbers take 6 MB.
  public static let maximumBytes = 8 << 20
  /// Presets in the folder at most, so that listing them is a bounded answer.
  public static let maximumCount = 1000

  /// The format that is written. A file without the member is read as format 1, as a state export is.
  private static let format: Int64 = 1
  private static let limits = JSONParser.Limits(bytes: maximumBytes, depth: 32)

  private let folder: PresetFolder

  /// - Parameter folder: `presets` in the data folder; created by the first save.
  public init(folder: String) {
    self.folder = PresetFolder(path: folder)
  }

  /// Puts the state's layers in the preset's file, replacing what it held. On disk when it returns.
  public func save(_ name: String, _ state: StudioState) throws(PresetFailure) {
    try Self.check(name)
    let content = Self.content(of: state)
    // What can't be read back must not be written.
    guard content.count <= Self.maximumBytes else {
      throw PresetFailure(
        .tooLarge, name: name,
        "the preset \"\(name)\" would have \(content.count) bytes, at most \(Self.maximumBytes) are kept",
        remedy: "Save fewer layers, or layers with shorter texts.")
    }
    try folder.write(name, content)
  }

  /// The preset's layers with the values that were saved, also those that a package's narrowed range no longer allows,
  /// checked against `packages`, with `packages` and `config` as the rest of the state.
  public func load(
    _ name: String, packages: PackageCatalog, config: RuntimeConfig
  ) throws(PresetFailure) -> StudioState {
    try Self.state(in: readJSON(name), of: name, packages: packages, config: config)
  }

  /// The preset's file as it is: an object of a known format, its layers not checked.
  public func readJSON(_ name: String) throws(PresetFailure) -> JSONValue {
    try Self.check(name)
    return try Self.json(in: folder.read(name, limit: Self.maximumBytes), of: name)
  }

  /// What the content of the preset `name` says, its layers not checked.
  package static func json(in content: [UInt8], of name: String) throws(PresetFailure) -> JSONValue {
    let json: JSONValue
    do {
      json = try JSONParser.parse(content, limits: limits)
    } catch {
      throw unusable(name, error.description, remedy: "Correct the file, or save the preset anew.")
    }
    guard json.objectValue != nil else {
      throw unusable(
        name, "an object with layers is expected, not \(json.kindName)",
        remedy: "Correct the file, or save the preset anew.")
    }
    if let format = json["format"], format != .int(Self.format) {
      throw unusable(
        name, "format: \(CanonicalJSON.text(format)) is unknown, this program reads \(Self.format)",
        remedy: "Load it with the version of Afterimage that saved it.")
    }
    return json
  }

  /// The layers of ``json(in:of:)``, checked.
  package static func state(
    in json: JSONValue, of name: String, packages: PackageCatalog, config: RuntimeConfig
  ) throws(PresetFailure) -> StudioState {
    let stack = JSONValue.object(json["layers"].map { [.init("layers", $0)] } ?? [])
    do {
      return try StudioState(json: stack, packages: packages, config: config, outOfRange: .areKept)
    } catch {
      throw unusable(name, "\(error)", remedy: remedy(for: error.code))
    }
  }

  /// Removes the preset for good.
  public func delete(_ name: String) throws(PresetFailure) {
    try Self.check(name)
    try folder.remove(name)
  }

  /// The presets by name, ``maximumCount`` at most. Files that are no presets by name or kind are passed over.
  public func list() throws(PresetFailure) -> [PresetSummary] {
    let all = try folder.summaries().sorted { CanonicalJSON.precedes($0.name, $1.name) }
    return Array(all.prefix(Self.maximumCount))
  }

  package static func content(of state: StudioState) -> [UInt8] {
    CanonicalJSON.encode(["format": .int(format), "layers": .array(state.layersAsDeclared.map(\.json))])
  }

  private static func check(_ name: String) throws(PresetFailure) {
    // The rule lets no slash, no leading dot and no zero byte through, so a name can't leave the folder.
    guard isStudioName(name) else {
      let shown = String(name.prefix(80).unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F })
      throw PresetFailure(
        .badName, name: name, "\"\(shown)\" is no name for a preset", remedy: "Use \(studioNameRule).")
    }
  }

  private static func unusable(_ name: String, _ detail: String, remedy: String) -> PresetFailure {
    PresetFailure(.badContent, name: name, "the preset \"\(name)\" can't be used: \(detail)", remedy: remedy)
  }

  private static func remedy(for code: StateRejection.Code) -> String {
    code == .unknownPackage
      ? "Put the package's .fs file in the packages folder."
      : "Correct the file, or save the preset anew."
  }
}

/// One preset in a list.
public struct PresetSummary: Sendable, Equatable {
  public var name: String
  public var bytes: Int64
  /// Wall clock, milliseconds since 1970.
  public var modifiedAtUnixMs: Int64

  public init(name: String, bytes: Int64, modifiedAtUnixMs: Int64) {
    self.name = name
    self.bytes = bytes
    self.modifiedAtUnixMs = modifiedAtUnixMs
  }
}
