// Stored values outside the ranges of the current packages. They are kept as stored and clamped for rendering, so that
// the show is unchanged once a package has its old range again.

import Documents

extension Layer {
  /// The layer for rendering: each value outside its parameter's range is replaced by
  /// ``ParameterDefinition/inUse(for:)``. The identical object if all values fit.
  public func withinRanges(of definition: PackageDefinition) -> Layer {
    var table = parameters
    for parameter in definition.parameters {
      guard let stored = parameters[parameter.name] else { continue }
      let value = parameter.inUse(for: stored)
      if value != stored { _ = table.replace(parameter.name, with: value) }
    }
    return table == parameters ? self : with(parameters: table)
  }
}

extension StudioState {
  /// The layer for rendering.
  public func withinRanges(_ layer: Layer) -> Layer {
    packages[layer.package].map { layer.withinRanges(of: $0) } ?? layer
  }

  /// Layers with a stored value outside its range. Takes time proportional to the whole state: for a start, and for
  /// mutations that replace the show.
  public var layersOutOfRange: Set<LayerID> {
    Set(layers.filter { withinRanges($0) !== $0 }.map(\.id))
  }

  /// Each stored value of the layers `ids` that is outside its range, with the value in use.
  public func valuesOutOfRange(of ids: some Sequence<LayerID>) -> [StateRejection] {
    ids.compactMap { layers[$0] }.flatMap { layer in
      (packages[layer.package]?.parameters ?? []).compactMap { layer.valueOutOfRange(of: $0) }
    }
  }
}

extension Layer {
  /// The problem of the stored value of one parameter; nil if it is in range.
  func valueOutOfRange(of parameter: ParameterDefinition) -> StateRejection? {
    guard let stored = parameters[parameter.name] else { return nil }
    do {
      _ = try parameter.validated(stored)
      return nil
    } catch {
      let used = CanonicalJSON.text(parameter.inUse(for: stored).json)
      return StateRejection(
        error.code, at: "layers.\(id).parameters.\(parameter.name)",
        "\(error.detail); \(used) is used, and the stored value stays until it is changed")
    }
  }
}
