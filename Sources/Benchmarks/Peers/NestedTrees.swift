import Concurrency
import HashTreeCollections
import PersistenceMessages
import StudioState
import Synchronization

/// The other structure that was considered: layers by id and parameters by name, both as hash trees with structural
/// sharing. It does what ``ArrayOfStructs`` does.
final class NestedTrees: Sendable {
  private struct PeerLayer: Sendable {
    var name: String
    var package: PackageID
    var isEnabled = true
    var opacity = 1.0
    var blendMode = BlendMode.normal
    var parameters: TreeDictionary<String, ParameterValue>
  }

  private final class Published: Sendable {
    let layers: TreeDictionary<LayerID, PeerLayer>
    let order: [LayerID]
    let request: PersistenceRequest

    init(layers: TreeDictionary<LayerID, PeerLayer>, order: [LayerID], request: PersistenceRequest) {
      self.layers = layers
      self.order = order
      self.request = request
    }
  }

  private struct Show {
    var layers: TreeDictionary<LayerID, PeerLayer>
    var order: [LayerID]
    var sequence: UInt64 = 0
  }

  private let show: Mutex<Show>
  private let packages: PackageCatalog
  private let forWriter = LatestValueMailbox<Published>()
  private let forRender = LatestValueMailbox<Published>()

  init(_ state: StudioState) {
    packages = state.packages
    var layers: TreeDictionary<LayerID, PeerLayer> = [:]
    for layer in state.layers {
      let parameters = TreeDictionary(uniqueKeysWithValues: zip(layer.parameters.names, layer.parameters.values))
      layers[layer.id] = PeerLayer(name: layer.name, package: layer.package, parameters: parameters)
    }
    show = Mutex(Show(layers: layers, order: state.layers.map(\.id)))
  }

  /// False when there is no such layer or parameter, or the value does not fit.
  func perform(_ change: BenchmarkShow.Change) -> Bool {
    show.withLock { show in
      guard let package = show.layers[change.layer]?.package,
        let value = try? packages[package]?[change.parameter]?.validated(change.value)
      else { return false }
      show.layers[change.layer]?.parameters[change.parameter] = value
      show.sequence += 1
      let request = PersistenceRequest(
        target: .runtimeState, reason: "parameter.set", actor: "benchmark", sequence: show.sequence)
      forWriter.publish(Published(layers: show.layers, order: show.order, request: request))
      forRender.publish(Published(layers: show.layers, order: show.order, request: request))
      return true
    }
  }
}
