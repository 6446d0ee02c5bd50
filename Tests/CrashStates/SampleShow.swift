import StudioState

/// Shows whose layers hold a text each, so that a test chooses how many pages they take.
enum SampleShow {
  private static let package = PackageID("caption")

  static func state(layers count: Int, textBytes: Int) -> StudioState {
    var state = StudioState()
    for number in 0..<count { add(number, textBytes: textBytes, to: &state) }
    return state
  }

  static func add(_ number: Int, textBytes: Int, to state: inout StudioState) {
    guard let id = LayerID("layer-\(number)"), state.layers[id] == nil else { return }
    state.layers.insert(layer(id, text: "", bytes: textBytes), at: 0)
  }

  static func remove(_ number: Int, from state: inout StudioState) {
    if let id = LayerID("layer-\(number)") { state.layers.remove(id) }
  }

  /// Another text in each of the layers at `positions`.
  static func change(_ positions: [Int], to text: String, textBytes: Int, in state: inout StudioState) {
    for position in positions where position < state.layers.count {
      state.layers.replace(layer(state.layers[position].id, text: text, bytes: textBytes))
    }
  }

  /// A text is 4 KB at most, so that larger layers have several.
  private static func layer(_ id: LayerID, text: String, bytes: Int) -> Layer {
    guard let package else { preconditionFailure("caption is a good name") }
    let parameters = stride(from: 0, to: max(1, bytes), by: 4000).map { start in
      let filling = String(repeating: ".", count: min(4000, bytes - start))
      return (name: "text-\(1000 + start / 4000)", value: ParameterValue.string("\(text) \(filling)"))
    }
    return Layer(id: id, name: id.rawValue, package: package, parameters: ParameterTable(parameters))
  }
}
