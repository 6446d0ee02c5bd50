import Concurrency
import Documents
import LiveRuntime
import PersistenceMessages
import RenderSnapshots
import StudioState

/// A show with a parameter of every type, for the targets that need one that exists already.
enum SampleShow {
  static let catalog = PackageCatalog([package("every"), package("plain")])

  static let state = StudioState(
    layers: LayerStack(
      catalog.packages.compactMap { package in
        LayerID("on-\(package.id)").map { Layer(id: $0, name: "é", package: package.id, parameters: package.defaults) }
      }), packages: catalog)

  private static let headers = [
    "every": """
    /*{"INPUTS":[{"NAME":"flag","TYPE":"bool"},{"NAME":"steps","TYPE":"long","MIN":0,"MAX":9,"DEFAULT":3},
    {"NAME":"choice","TYPE":"long","VALUES":[1,2,5],"LABELS":["a","b","c"],"DEFAULT":2},
    {"NAME":"mix","TYPE":"float","MIN":0,"MAX":1,"DEFAULT":0.5},{"NAME":"tint","TYPE":"color"},
    {"NAME":"centre","TYPE":"point2D","MIN":[0,0],"MAX":[1,1]},{"NAME":"words","TYPE":"text"}]}*/
    """,
    "plain": "/*{}*/",
  ]

  private static func package(_ name: String) -> PackageDefinition {
    guard let id = PackageID(name), let header = headers[name],
      let package = try? ISFHeader.package(id: id, file: Array(header.utf8))
    else { fatalError("the sample package \(name) is no package") }
    return package
  }

  /// A runtime of its own over the sample, as fresh as at a start.
  static func coordinator() -> RuntimeCoordinator {
    RuntimeCoordinator(
      state: state, sequence: 7, snapshots: LatestValueMailbox(),
      publisher: RenderSnapshotPublisher(readers: 1), events: RuntimeEventBus(), requestPersistence: { _ in })
  }
}

/// What holds of every state that a runtime accepts, whatever it was asked: it can be stored and read back, and every
/// value has its parameter's type, and lies within its range where it is used.
func mustBeStorable(_ state: StudioState) {
  mustHold(state.layers.count <= LayerStack.maximumCount, "the layers are bounded")
  let reading = StudioState.reading(state.documents)
  mustHold(reading.problems.isEmpty, "what is stored is whole: \(reading.problems)")
  mustHold(reading.state.layers == state.layers, "the layers read back as they were")
  mustHold(reading.state.config == state.config, "the config reads back as it was")
  mustHold(state.storable(over: nil).heldBack.isEmpty, "nothing has to be held back from storing")
  for layer in state.layers {
    guard let package = state.packages[layer.package] else { continue }
    let used = layer.withinRanges(of: package)
    for definition in package.parameters {
      guard let stored = layer.parameters[definition.name], let value = used.parameters[definition.name] else {
        continue
      }
      mustHold(stored.type == definition.type, "\(layer.id).\(definition.name) is stored with its parameter's type")
      let accepted = mustSucceed("\(layer.id).\(definition.name) fits its definition") {
        try definition.validated(value)
      }
      mustHold(accepted == value, "\(layer.id).\(definition.name) has its parameter's type")
    }
  }
}

/// The show of this moment, in every view.
func mustBeStorable(_ view: RuntimeView) {
  mustBeStorable(view.durable)
  mustBeStorable(StudioState(layers: view.effective, config: view.durable.config, packages: view.durable.packages))
  for selection in RuntimeView.Selection.allCases {
    let text = CanonicalJSON.encode(view.json(selection))
    _ = mustSucceed("the \(selection) view is readable JSON") {
      try JSONParser.parse(text, limits: .init(bytes: .max))
    }
  }
}
