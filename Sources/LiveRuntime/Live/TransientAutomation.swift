internal import HashTreeCollections
public import StudioState

/// Values in flight: what arrived over OSC and has not been quiet for long enough to settle into the session.
///
/// All values of a layer settle together, once the last of them has been quiet: a fader that still moves keeps its
/// neighbours in flight, which nobody sees, and settling stays one step a layer.
public struct TransientAutomation: Sendable, Equatable {
  /// How long a layer's values must be quiet to settle: long against the gaps of a moving fader (10 to 100 ms), short
  /// against the time it takes to reach for another control.
  public static let quietTime = Duration.milliseconds(500)

  private struct Flight: Sendable, Equatable {
    var overlay = LayerOverlay()
    var lastSetAt: Duration
  }

  private var flights: TreeDictionary<LayerID, Flight> = [:]

  public init() {}

  public var isEmpty: Bool { flights.isEmpty }
  public var layers: [LayerID] { flights.keys.map { $0 } }

  public subscript(_ layer: LayerID) -> LayerOverlay? { flights[layer]?.overlay }

  mutating func set(_ layer: LayerID, _ target: LiveTarget, _ value: ParameterValue, at now: Duration) {
    var flight = flights[layer] ?? Flight(lastSetAt: now)
    flight.overlay.set(target, value)
    flight.lastSetAt = now
    flights[layer] = flight
  }

  /// Takes out what has been quiet until `now`; with nil everything, quiet or not.
  mutating func takeSettled(at now: Duration?) -> [(layer: LayerID, overlay: LayerOverlay)] {
    let settled = flights.filter { entry in
      guard let now else { return true }
      return entry.value.lastSetAt + Self.quietTime <= now
    }
    for entry in settled { flights[entry.key] = nil }
    return settled.map { ($0.key, $0.value.overlay) }
  }

  mutating func keepParameters(where fits: (LayerID, String, ParameterValue) -> Bool) {
    for id in layers { flights[id]?.overlay.keepParameters { fits(id, $0, $1) } }
  }

  mutating func remove(_ layer: LayerID) {
    flights[layer] = nil
  }

  mutating func remove(_ target: LiveTarget, of layer: LayerID) {
    flights[layer]?.overlay.remove(target)
    if flights[layer]?.overlay.isEmpty == true { flights[layer] = nil }
  }
}
