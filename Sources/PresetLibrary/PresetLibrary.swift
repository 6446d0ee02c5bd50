public import Documents
import DurableFiles
public import StudioState

/// Presets: named stacks of layers, each in a JSON file of its own in one folder, saved on request.
///
/// Synchronous on purpose: ``save(_:_:)`` returns only once the preset is on disk, because the operator expects a
/// confirmation (docs/decisions/0001-preset-save-stays-synchronous.md). Every call may block on the disk, so none may
/// run on a render or event loop thread. The library has no state of its own; any thread may call.
///
/// A preset contains the stack of layers and nothing else. Loading a look must not change the output's size, rate or
/// name in the middle of a show, so a `config` in a preset's file (for example in an exported state) is ignored.
///
/// Loading reads only; making the loaded state the show's is the coordinator's durable mutation.
public struct PresetLibrary: Sendable {
  /// Largest preset, in bytes. 4,096 layers of 40 numbers take 6 MB.
  public static let maximumBytes = 8 << 20
  /// Most presets in the folder, so that a list of them is bounded.
  public static let maximumCount = 1000

  /// The format that is written. A file without the member, such as an exported state, is read as format 1.
  private static let format: Int64 = 1
  private static let limits = JSONParser.Limits(bytes: maximumBytes, depth: 32)

  private let folder: PresetFolder

  /// - Parameter folder: `presets` in the data folder; created by the first save.
  public init(folder: String) {
    self.folder = PresetFolder(path: folder)
  }

  /// Writes the state's layers to the preset's file and replaces its former content. On disk when it returns.
  public func save(_ name: String, _ state: StudioState) throws(PresetFailure) {
    try Self.check(name)
    let content = Self.content(of: state)
    // A preset that could not be read back must not be written.
    guard content.count <= Self.maximumBytes else {
      throw PresetFailure(
        .tooLarge, name: name,
        "the preset \"\(name)\" would have \(content.count) bytes, at most \(Self.maximumBytes) are kept",
        remedy: "Save fewer layers, or layers with shorter texts.")
    }
    try folder.write(name, content)
  }

  /// A state of the preset's layers, `packages` and `config`. The layers are checked against `packages`; saved values
  /// outside a range that was narrowed since are kept.
  public func load(
    _ name: String, packages: PackageCatalog, config: RuntimeConfig
  ) throws(PresetFailure) -> StudioState {
    try Self.state(in: readJSON(name), of: name, packages: packages, config: config)
  }

  /// The content of the preset's file: an object of a known format whose layers are not checked.
  public func readJSON(_ name: String) throws(PresetFailure) -> JSONValue {
    try Self.check(name)
    return try Self.json(in: folder.read(name, limit: Self.maximumBytes), of: name)
  }

  /// Parses the content of the preset `name` without checking its layers.
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

  /// Deletes the preset's file.
  public func delete(_ name: String) throws(PresetFailure) {
    try Self.check(name)
    try folder.remove(name)
  }

  /// The presets ordered by name, at most ``maximumCount``. Other files in the folder are ignored.
  public func list() throws(PresetFailure) -> [PresetSummary] {
    let all = try folder.summaries().sorted { CanonicalJSON.precedes($0.name, $1.name) }
    return Array(all.prefix(Self.maximumCount))
  }

  package static func content(of state: StudioState) -> [UInt8] {
    CanonicalJSON.encode(["format": .int(format), "layers": .array(state.layersAsDeclared.map(\.json))])
  }

  private static func check(_ name: String) throws(PresetFailure) {
    // The rule excludes slashes, leading dots and zero bytes, so a name can't leave the folder.
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
