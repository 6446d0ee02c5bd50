extension StudioState {
  /// This state with its packages replaced by those of `catalog` with the same id, and the layers' values adjusted to
  /// them: a new parameter gets its default, a value that no longer has its parameter's type is set to the default, a
  /// value outside its range is kept and clamped for rendering (see ``withinRanges(_:)``), and a parameter that the
  /// package lost keeps its value. Packages that `catalog` lacks are kept, so that their layers do not change.
  ///
  /// - Returns: the state, and each stored value that does not fit its parameter.
  public func reconciled(with catalog: PackageCatalog) -> (state: StudioState, changes: [StateRejection]) {
    var state = self
    var changes: [StateRejection] = []
    state.packages = packages.merging(catalog)
    for layer in layers {
      guard let definition = state.packages[layer.package] else { continue }
      let table = Self.reconciled(layer, with: definition, &changes)
      if table != layer.parameters { state.layers.replace(layer.with(parameters: table)) }
    }
    return (state, changes)
  }

  /// The layers without parameters that their packages no longer have. Presets and exports use this form, because their
  /// readers refuse unknown parameters.
  public var layersAsDeclared: [Layer] {
    layers.map { layer in
      guard let definition = packages[layer.package] else { return layer }
      let pairs = zip(layer.parameters.names, layer.parameters.values).map { (name: $0, value: $1) }
      let declared = pairs.filter { definition[$0.name] != nil }
      return declared.count == pairs.count ? layer : layer.with(parameters: ParameterTable(declared))
    }
  }

  private static func reconciled(
    _ layer: Layer, with definition: PackageDefinition, _ changes: inout [StateRejection]
  ) -> ParameterTable {
    var table = layer.parameters
    var gained: [(name: String, value: ParameterValue)] = []
    for parameter in definition.parameters {
      guard let stored = table[parameter.name] else {
        gained.append((parameter.name, parameter.defaultValue))
        continue
      }
      let value: ParameterValue
      do {
        value = try parameter.validated(stored)
      } catch {
        changes.append(layer.change(of: parameter, error))
        value = error.code == .outOfRange ? stored : parameter.defaultValue
      }
      if value != stored { _ = table.replace(parameter.name, with: value) }
    }
    // Usually no parameter is new; then nothing is sorted, which matters at a start with thousands of parameters.
    guard !gained.isEmpty else { return table }
    return ParameterTable(zip(table.names, table.values).map { (name: $0, value: $1) } + gained)
  }
}

extension Layer {
  fileprivate func change(of parameter: ParameterDefinition, _ problem: StateRejection) -> StateRejection {
    if problem.code == .outOfRange, let kept = valueOutOfRange(of: parameter) { return kept }
    return StateRejection(
      problem.code, at: "layers.\(id).parameters.\(parameter.name)", "\(problem.detail); the default is used")
  }
}
