// Replacing the show, or one layer, by an earlier state: for rollbacks, imports and presets. The running host and the
// offline tool both call these functions, so that they produce the same state.

extension StudioState {
  /// The layers and the config of `other`, reconciled with the packages of this state. Packages that only `other` has
  /// are added.
  public func replaced(by other: StudioState) -> StudioState {
    StudioState(layers: other.layers, config: other.config, packages: other.packages.merging(packages))
      .reconciled(with: .empty).state
  }

  /// This state with the layer `id` replaced by the one in `earlier`.
  ///
  /// - The layer keeps its position. A layer that this state lacks is inserted at its position in `earlier`, or on top
  ///   if this state has fewer layers.
  /// - Its package is added if this state lacks it. Otherwise its parameters are reconciled with the package of this
  ///   state, as at a start.
  ///
  /// - Throws: `missing` if `earlier` has no such layer, `tooMany` if the show is full.
  public func restoring(_ id: LayerID, from earlier: StudioState) throws(StateRejection) -> StudioState {
    guard let layer = earlier.layers[id] else {
      throw StateRejection(.missing, at: "layers.\(id)", "there is no layer \(id) to bring back")
    }
    var result = self
    if packages[layer.package] == nil, let package = earlier.packages[layer.package] {
      result.packages = packages.merging(PackageCatalog([package]))
    }
    let fitting = StudioState(layers: LayerStack([layer]), packages: result.packages).reconciled(with: .empty).state
    let restored = fitting.layers[id] ?? layer
    guard !result.layers.replace(restored) else { return result }
    guard layers.count < LayerStack.maximumCount else {
      throw StateRejection(.tooMany, at: "layers.\(id)", "a show has at most \(LayerStack.maximumCount) layers")
    }
    result.layers.insert(restored, at: earlier.layers.position(of: id) ?? layers.count)
    return result
  }
}
