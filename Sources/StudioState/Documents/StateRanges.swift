// Stored values that lie outside the ranges of today's packages. They stay as they are stored, and render sees them moved
// into the range: a package that gets its old range back brings the show back.

extension Layer {
  /// The layer as render sees it: each value that lies outside its parameter's range replaced by the one in use for it.
  /// The layer itself when all fit.
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
  /// The layer as render sees it.
  public func withinRanges(_ layer: Layer) -> Layer {
    packages[layer.package].map { layer.withinRanges(of: $0) } ?? layer
  }

  /// Layers with a stored value outside its range. The cost follows the whole state: for a start, and for mutations that
  /// replace the show.
  public var layersOutOfRange: Set<LayerID> {
    Set(layers.filter { withinRanges($0) !== $0 }.map(\.id))
  }

  /// Each stored value of `ids` that lies outside its range, and what is used for it.
  public func valuesOutOfRange(of ids: some Sequence<LayerID>) -> [StateRejection] {
    ids.compactMap { layers[$0] }.flatMap { layer in
      (packages[layer.package]?.parameters ?? []).compactMap { layer.valueOutOfRange(of: $0) }
    }
  }
}

extension Layer {
  /// What is wrong with the stored value of one parameter; nil when it fits.
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
