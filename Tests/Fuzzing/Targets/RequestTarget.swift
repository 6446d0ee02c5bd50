import Documents
import LiveRuntime
import PersistenceMessages
import PresetLibrary
import RecoveryWorkbench
import StudioState

/// Requests, one a line: a letter for the route, then the JSON of the body, with the names of the path as members
/// `layer` and `parameter`. Whatever is accepted leaves a show that can be stored, saved and exported.
func requestsLeaveAShowThatCanBeStored(_ bytes: UnsafeBufferPointer<UInt8>) {
  let coordinator = SampleShow.coordinator()
  var stored = StoredDocuments(coordinator.view().durable)
  var now = Duration.zero
  for line in bytes.split(separator: UInt8(ascii: "\n")).prefix(16) {
    now += .milliseconds(400)
    coordinator.settle(now: now)
    let view = coordinator.view()
    guard let mutation = mutation(line.first ?? 0, Array(line.dropFirst()), view) else { continue }
    let before = CanonicalJSON.encode(view.json(.effective))
    do {
      try coordinator.perform([mutation], actor: "http", now: now)
    } catch {
      mustHold(
        CanonicalJSON.encode(coordinator.view().json(.effective)) == before, "a refused request changes nothing")
    }
    stored.store(coordinator.view().durable)
  }
  mustBeStorable(coordinator.view())
  mustBeKept(coordinator.view().durable)
}

/// What lies on disk when each state is stored as what changed since the one before.
private struct StoredDocuments {
  private var state: StudioState
  private var bodies: [Document.Key: [UInt8]]

  init(_ state: StudioState) {
    self.state = state
    bodies = Self.bodies(of: state)
  }

  mutating func store(_ new: StudioState) {
    let changes = new.documentsChanged(since: state)
    for key in changes.removed { bodies[key] = nil }
    for document in changes.written { bodies[document.key] = document.body }
    state = new
    mustHold(bodies == Self.bodies(of: new), "what changed and what was there before make up the state")
  }

  private static func bodies(of state: StudioState) -> [Document.Key: [UInt8]] {
    Dictionary(state.documents.map { ($0.key, $0.body) }, uniquingKeysWith: { $1 })
  }
}

/// A show that runs can be saved as a preset and exported, and comes back from both.
private func mustBeKept(_ state: StudioState) {
  // A layer whose package nobody has can't be checked, so that its readers refuse it.
  guard state.layers.allSatisfy({ state.packages[$0.package] != nil }) else { return }
  let declared = LayerStack(state.layersAsDeclared)
  let preset = mustSucceed("the show can be saved and loaded as a preset") {
    try PresetLibrary.state(
      in: PresetLibrary.json(in: PresetLibrary.content(of: state), of: "kept"), of: "kept", packages: state.packages,
      config: state.config)
  }
  mustHold(preset.layers == declared, "the preset is the show")
  let imported = mustSucceed("the show can be exported and imported") {
    try ExportFormat.read(ExportFormat.content(of: state, sequence: 7), installed: .empty)
  }
  mustHold(imported.layers == declared && imported.config == state.config, "the import is the show")
}

private func mutation(_ route: UInt8, _ body: [UInt8], _ view: RuntimeView) -> Mutation? {
  guard let json = try? JSONParser.parse(body, limits: .init(bytes: 1 << 20)) else { return nil }
  if let mutation = stackMutation(route, json, view) { return mutation }
  guard let id = json["layer"]?.stringValue.flatMap(LayerID.init) else { return nil }
  let value = json["value"] ?? .null
  switch route {
  case UInt8(ascii: "r"): return .removeLayer(id)
  case UInt8(ascii: "m"): return value.intValue.map { .moveLayer(id, to: Int(clamping: $0)) }
  case UInt8(ascii: "n"): return value.stringValue.map { .renameLayer(id, $0) }
  case UInt8(ascii: "p"):
    return ParameterValue(json: value).map { .setParameter(id, json["parameter"]?.stringValue ?? "", $0) }
  case UInt8(ascii: "o"): return value.doubleValue.map { .setOpacity(id, $0) }
  case UInt8(ascii: "e"): return value.boolValue.map { .setEnabled(id, $0) }
  case UInt8(ascii: "b"): return value.stringValue.flatMap(BlendMode.init).map { .setBlendMode(id, $0) }
  case UInt8(ascii: "t"), UInt8(ascii: "l"):
    guard let value = ParameterValue(json: value) else { return nil }
    let target = json["parameter"]?.stringValue.map { LiveTarget.parameter($0) } ?? .opacity
    return route == UInt8(ascii: "t") ? .automate(id, target, value) : .commitLive(id, target, value)
  default: return nil
  }
}

/// The routes that are not about one layer of the show.
private func stackMutation(_ route: UInt8, _ json: JSONValue, _ view: RuntimeView) -> Mutation? {
  let packages = view.durable.packages
  switch route {
  case UInt8(ascii: "a"):
    let layer = try? Layer(json: json["layer"] ?? .null, at: "layer", package: { packages[$0] })
    return layer.map { .addLayer($0, at: json["at"]?.intValue.map { Int(clamping: $0) }) }
  case UInt8(ascii: "c"): return .setConfig(json)
  case UInt8(ascii: "s"): return .storeLiveValues
  case UInt8(ascii: "x"): return .clearLiveValues
  case UInt8(ascii: "k"):
    let state = StudioState.reading(requestedDocuments(json)).state
    return .replaceState(state, .rollback, reason: "rollback")
  case UInt8(ascii: "y"):
    let layer = try? Layer(json: json["layer"] ?? .null, at: "layer", package: { _ in nil })
    return layer.map {
      .restoreLayer($0.id, from: StudioState(layers: LayerStack([$0])), .rollback, reason: "rollback of a layer")
    }
  case UInt8(ascii: "f"): return .setPackages(PackageCatalog(storedJSON: json))
  default: return nil
  }
}

/// The documents of a generation that an earlier host may have stored, with packages that have changed since.
private func requestedDocuments(_ json: JSONValue) -> [Document] {
  let layers = json["layers"]?.arrayValue ?? []
  let ids = layers.map { $0["id"] ?? .null }
  return [
    Document(.init(.stack), body: CanonicalJSON.encode(.array(ids))),
    Document(.init(.config), body: CanonicalJSON.encode(json["config"] ?? [:])),
    Document(.init(.packages), body: CanonicalJSON.encode(json["packages"] ?? [:])),
  ]
    + layers.map { Document(.init(.layer, $0["id"]?.stringValue ?? ""), body: CanonicalJSON.encode($0)) }
}
