import StudioState

// The effects of durable mutations on the draft.
extension MutationDraft {
  func layer(_ id: LayerID) throws(MutationRejection) -> Layer {
    guard let layer = state.layers[id] else {
      throw MutationRejection(.unknownLayer, at: "layers.\(id)", "there is no layer \(id)")
    }
    return layer
  }

  mutating func replace(_ layer: Layer) {
    state.layers.replace(layer)
    touch(layer.id)
  }

  mutating func add(_ layer: Layer, at position: Int?) throws(MutationRejection) {
    let path = "layers.\(layer.id)"
    guard state.layers[layer.id] == nil else {
      throw MutationRejection(.duplicate, at: path, "there is a layer \(layer.id) already")
    }
    guard state.layers.count < LayerStack.maximumCount else {
      throw MutationRejection(.tooMany, at: path, "a show has at most \(LayerStack.maximumCount) layers")
    }
    guard state.packages[layer.package] != nil else {
      throw MutationRejection(.unknownPackage, at: "\(path).package", "there is no package \(layer.package)")
    }
    guard (0...state.layers.count).contains(position ?? 0) else {
      throw MutationRejection(.outOfRange, at: "at", "a new layer goes to 0 to \(state.layers.count)")
    }
    state.layers.insert(layer, at: position ?? state.layers.count)
    isRearranged = true
  }

  mutating func remove(_ id: LayerID) throws(MutationRejection) {
    _ = try layer(id)
    state.layers.remove(id)
    committed.remove(id)
    transient.remove(id)
    outOfRange.remove(id)
    isRearranged = true
  }

  mutating func move(_ id: LayerID, to position: Int) throws(MutationRejection) {
    _ = try layer(id)
    guard (0..<state.layers.count).contains(position) else {
      throw MutationRejection(
        .outOfRange, at: "to", "\(position) is not a position of the stack, which are 0 to \(state.layers.count - 1)")
    }
    state.layers.move(id, to: position)
    isRearranged = true
  }

  mutating func renameLayer(_ id: LayerID, _ name: String) throws(MutationRejection) {
    guard (1...200).contains(name.utf8.count), name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw MutationRejection(.outOfRange, at: "layers.\(id).name", "1 to 200 bytes without control characters")
    }
    replace(try layer(id).with(name: name))
  }

  mutating func setParameter(
    _ id: LayerID, _ name: String, _ value: ParameterValue
  ) throws(MutationRejection) {
    let layer = try layer(id)
    let accepted = try validatedParameter(of: layer, name, value)
    var table = layer.parameters
    if !table.replace(name, with: accepted) {
      // The package gained the parameter after the layer was created.
      table = ParameterTable(zip(table.names, table.values).map { ($0, $1) } + [(name, accepted)])
    }
    replace(layer.with(parameters: table))
  }

  mutating func restore(_ id: LayerID, from earlier: StudioState) throws(MutationRejection) {
    let before = state
    state = try Self.refusing { () throws(StateRejection) in try before.restoring(id, from: earlier) }
    committed.remove(id)
    transient.remove(id)
    if before.layers[id] == nil { isRearranged = true } else { touch(id) }
    noteRange(of: id, isPackageNew: before.packages !== state.packages)
  }

  /// Updates the set of layers with values out of range: for one layer, or for all of them if a package was added.
  private mutating func noteRange(of id: LayerID, isPackageNew: Bool) {
    guard !isPackageNew else {
      outOfRange = state.layersOutOfRange
      isRearranged = true
      return
    }
    outOfRange.remove(id)
    if let layer = state.layers[id], state.withinRanges(layer) !== layer { outOfRange.insert(id) }
  }

  /// Earlier layers with their values adjusted to the current packages, as at a start: a value that no longer has its
  /// parameter's type gets the default, and a value outside its range is clamped for rendering.
  func fitting(_ layers: LayerStack) -> LayerStack {
    StudioState(layers: layers, packages: state.packages).reconciled(with: .empty).state.layers
  }

  mutating func replaceLayers(_ layers: LayerStack) {
    state.layers = layers
    outOfRange = state.layersOutOfRange
    clearLiveValues()
  }

  mutating func storeLiveValues() {
    settle(at: nil)
    for id in committed.layers {
      guard let overlay = committed[id], let layer = state.layers[id] else { continue }
      replace(overlay.applied(to: layer))
    }
    committed = CommittedLiveState()
  }
}
