import Concurrency
import PersistenceMessages
import StudioState
import Synchronization

/// The peer that a first version usually looks like: the show as an array of structs, mutated in place and published as
/// a value. Somebody always holds the last published value, so every mutation copies the whole array.
///
/// It validates, counts and publishes as the runtime does, and lacks its live values, classes and refusals.
final class ArrayOfStructs: Sendable {
  private struct Parameter: Sendable {
    var name: String
    var value: ParameterValue
  }

  private struct PeerLayer: Sendable {
    var id: LayerID
    var name: String
    var package: PackageID
    var isEnabled = true
    var opacity = 1.0
    var blendMode = BlendMode.normal
    var parameters: [Parameter]
  }

  private final class Published: Sendable {
    let layers: [PeerLayer]
    let request: PersistenceRequest

    init(layers: [PeerLayer], request: PersistenceRequest) {
      self.layers = layers
      self.request = request
    }
  }

  private struct Show {
    var layers: [PeerLayer]
    var places: [LayerID: Int]
    var sequence: UInt64 = 0
  }

  private let show: Mutex<Show>
  private let packages: PackageCatalog
  private let forWriter = LatestValueMailbox<Published>()
  private let forRender = LatestValueMailbox<Published>()

  init(_ state: StudioState) {
    packages = state.packages
    let layers = state.layers.map { layer in
      PeerLayer(
        id: layer.id, name: layer.name, package: layer.package,
        parameters: zip(layer.parameters.names, layer.parameters.values).map { Parameter(name: $0, value: $1) })
    }
    let places = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1.id, $0) })
    show = Mutex(Show(layers: layers, places: places))
  }

  /// False when there is no such layer or parameter, or the value does not fit.
  func perform(_ change: BenchmarkShow.Change) -> Bool {
    show.withLock { show in
      guard let place = show.places[change.layer],
        let definition = packages[show.layers[place].package]?[change.parameter],
        let value = try? definition.validated(change.value),
        let index = show.layers[place].parameters.firstIndex(where: { $0.name == change.parameter })
      else { return false }
      show.layers[place].parameters[index].value = value
      show.sequence += 1
      let request = PersistenceRequest(
        target: .runtimeState, reason: "parameter.set", actor: "benchmark", sequence: show.sequence)
      forWriter.publish(Published(layers: show.layers, request: request))
      forRender.publish(Published(layers: show.layers, request: request))
      return true
    }
  }
}
