extension StudioState {
  /// This state with the packages of `catalog` in place of its own of the same id, and the layers' values brought in
  /// line with them: a parameter that the package gained gets its default, a value that no longer fits its type or range
  /// is set to the default, a parameter that the package lost keeps its value. Packages that are gone from `catalog` are
  /// kept, so that their layers stay what they were.
  ///
  /// - Returns: the state, and each value that had to be changed.
  public func reconciled(with catalog: PackageCatalog) -> (state: StudioState, changes: [StateProblem]) {
    var state = self
    var changes: [StateProblem] = []
    state.packages = packages.merging(catalog)
    for layer in layers {
      guard let definition = state.packages[layer.package] else { continue }
      let table = Self.reconciled(layer, with: definition, &changes)
      if table != layer.parameters { state.layers.replace(layer.with(parameters: table)) }
    }
    return (state, changes)
  }

  private static func reconciled(
    _ layer: Layer, with definition: PackageDefinition, _ changes: inout [StateProblem]
  ) -> ParameterTable {
    var pairs = zip(layer.parameters.names, layer.parameters.values).map { (name: $0, value: $1) }
    for parameter in definition.parameters {
      guard let stored = layer.parameters[parameter.name] else {
        pairs.append((parameter.name, parameter.defaultValue))
        continue
      }
      do {
        pairs.append((parameter.name, try parameter.validated(stored)))
      } catch {
        let path = "layers.\(layer.id).parameters.\(parameter.name)"
        changes.append(StateProblem(error.code, at: path, "\(error.detail); the default is used"))
        pairs.append((parameter.name, parameter.defaultValue))
      }
    }
    return ParameterTable(pairs)
  }
}
