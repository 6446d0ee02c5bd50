import Concurrency
import ControlIngress
import Documents
import LiveRuntime
import PersistenceMessages
import PresetLibrary
import RenderSnapshots
import StudioState
import Synchronization
import Testing

/// A runtime with two layers on manual clocks: `bars` below `plasma`.
final class ControlFixture: Sendable {
  let coordinator: RuntimeCoordinator
  let events = RuntimeEventBus()
  let shelf = MemoryShelf()
  let requests = Recorder<PersistenceRequest>()
  /// Wall clock, milliseconds since 1970.
  let wallTime = Mutex<Int64>(1_700_000_000_000)

  init() throws {
    let requests = requests
    coordinator = RuntimeCoordinator(
      state: try Self.state(), sequence: 0, snapshots: LatestValueMailbox(),
      publisher: RenderSnapshotPublisher(readers: 1), events: events,
      requestPersistence: { requests.append($0) })
  }

  var clock: ControlClock {
    ControlClock(now: { .zero }, unixMilliseconds: { [self] in wallTime.withLock { $0 } })
  }

  var view: RuntimeView { coordinator.view() }

  /// The effective value of a parameter.
  func value(_ layer: String, _ name: String) throws -> ParameterValue? {
    let id = try #require(LayerID(layer))
    return view.effective[id]?.parameters[name]
  }

  static func state() throws -> StudioState {
    let catalog = PackageCatalog([try package("plasma", plasma), try package("colour-bars", "{}")])
    var layers = LayerStack()
    for (id, package) in [("bars", "colour-bars"), ("plasma", "plasma")] {
      let json: JSONValue = ["id": .string(id), "package": .string(package)]
      layers.insert(try Layer(json: json, at: "", package: { catalog[$0] }), at: layers.count)
    }
    return StudioState(layers: layers, packages: catalog)
  }

  private static func package(_ id: String, _ header: String) throws -> PackageDefinition {
    try ISFHeader.package(id: try #require(PackageID(id)), file: Array("/*\(header)*/".utf8))
  }

  private static let plasma = """
    {"INPUTS":[
      {"NAME":"mix","TYPE":"float","DEFAULT":0.5,"MIN":0.0,"MAX":1.0},
      {"NAME":"speed","TYPE":"float","DEFAULT":0.1,"MIN":0.0,"MAX":0.1},
      {"NAME":"invert","TYPE":"bool"},
      {"NAME":"steps","TYPE":"long","MIN":0,"MAX":10},
      {"NAME":"centre","TYPE":"point2D"},
      {"NAME":"tint","TYPE":"color"},
      {"NAME":"title","TYPE":"text"}]}
    """
}

/// What a closure was given, in order.
final class Recorder<Element: Sendable>: Sendable {
  private let list = Mutex<[Element]>([])
  var elements: [Element] { list.withLock { $0 } }
  func append(_ element: Element) { list.withLock { $0.append(element) } }
}

/// Presets in memory.
final class MemoryShelf: PresetShelf {
  private let presets = Mutex<[String: StudioState]>([:])
  /// What the disk says to saves.
  private let failure = Mutex<PresetFailure?>(nil)

  func failNextSaves() {
    failure.withLock { $0 = PresetFailure(.io, name: "", "no space left on device", remedy: "Free some.") }
  }

  func list() -> [PresetSummary] {
    presets.withLock { $0.keys.sorted() }.map { PresetSummary(name: $0, bytes: 1, modifiedAtUnixMs: 2) }
  }

  func readJSON(_ name: String) throws(PresetFailure) -> JSONValue {
    try saved(name).json(sequence: 0)
  }

  func load(
    _ name: String, packages: PackageCatalog, config: RuntimeConfig
  ) throws(PresetFailure) -> StudioState {
    try saved(name)
  }

  func save(_ name: String, _ state: StudioState) throws(PresetFailure) {
    if let failure = failure.withLock({ $0 }) { throw failure }
    presets.withLock { $0[name] = state }
  }

  func delete(_ name: String) throws(PresetFailure) {
    guard presets.withLock({ $0.removeValue(forKey: name) }) != nil else { throw Self.notFound(name) }
  }

  private func saved(_ name: String) throws(PresetFailure) -> StudioState {
    guard let state = presets.withLock({ $0[name] }) else { throw Self.notFound(name) }
    return state
  }

  private static func notFound(_ name: String) -> PresetFailure {
    PresetFailure(.notFound, name: name, "there is no preset \"\(name)\"", remedy: "Use one of the list's names.")
  }
}
