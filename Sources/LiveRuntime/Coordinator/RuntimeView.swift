public import Documents
public import StudioState

/// The runtime's state at one moment, for those who show it.
public struct RuntimeView: Sendable {
  public var sequence: UInt64
  public var durable: StudioState
  public var committed: CommittedLiveState
  public var transient: TransientAutomation
  /// Transient over committed over durable: what is on air.
  public var effective: LayerStack
  /// Layers with a stored value outside its package's range.
  var outOfRange: Set<LayerID>

  /// Each stored value that lies outside its package's range, and what is used for it, sorted by place.
  public var valuesOutOfRange: [StateRejection] {
    durable.valuesOutOfRange(of: outOfRange).sorted { CanonicalJSON.precedes($0.path, $1.path) }
  }

  public enum Selection: String, Sendable, CaseIterable {
    case durable, live, effective
  }

  /// The state as JSON. `live` lists only layers that have live values, each with only those values.
  public func json(_ selection: Selection) -> JSONValue {
    switch selection {
    case .durable: durable.json(sequence: sequence)
    case .effective:
      StudioState(layers: effective, config: durable.config, packages: durable.packages).json(sequence: sequence)
    case .live:
      .object([
        .init("layers", .array(durable.layers.compactMap(liveJSON))), .init("config", durable.config.json),
        .init("sequence", .int(Int64(clamping: sequence))),
      ])
    }
  }

  /// Values on air that are not part of the show: a stop of the host forgets them.
  public var liveValueCount: Int {
    Set(committed.layers + transient.layers).reduce(0) { $0 + overlay(of: $1).count }
  }

  private func overlay(of layer: LayerID) -> LayerOverlay {
    var overlay = committed[layer] ?? LayerOverlay()
    if let inFlight = transient[layer] { overlay.merge(inFlight) }
    return overlay
  }

  private func liveJSON(of layer: Layer) -> JSONValue? {
    let overlay = overlay(of: layer.id)
    guard !overlay.isEmpty, let members = overlay.json.objectValue else { return nil }
    return .object([.init("id", .string(layer.id.rawValue))] + members)
  }
}
