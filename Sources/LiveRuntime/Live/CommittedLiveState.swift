internal import HashTreeCollections
public import StudioState

/// The session's committed values: what has settled, or was set live on purpose. Never stored by itself; a restart
/// forgets it.
public struct CommittedLiveState: Sendable, Equatable {
  // A tree, because every mutation works on a copy that must not cost what the session has gathered.
  private var overlays: TreeDictionary<LayerID, LayerOverlay> = [:]

  public init() {}

  public var isEmpty: Bool { overlays.isEmpty }
  public var layers: [LayerID] { overlays.keys.map { $0 } }

  public subscript(_ layer: LayerID) -> LayerOverlay? { overlays[layer] }

  mutating func set(_ layer: LayerID, _ target: LiveTarget, _ value: ParameterValue) {
    overlays[layer, default: LayerOverlay()].set(target, value)
  }

  mutating func merge(_ overlay: LayerOverlay, into layer: LayerID) {
    overlays[layer, default: LayerOverlay()].merge(overlay)
  }

  mutating func keepParameters(where fits: (LayerID, String, ParameterValue) -> Bool) {
    for id in layers { overlays[id]?.keepParameters { fits(id, $0, $1) } }
  }

  mutating func remove(_ layer: LayerID) {
    overlays[layer] = nil
  }

  mutating func remove(_ target: LiveTarget, of layer: LayerID) {
    overlays[layer]?.remove(target)
    if overlays[layer]?.isEmpty == true { overlays[layer] = nil }
  }
}
