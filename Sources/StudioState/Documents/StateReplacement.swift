// Bringing back what was: rollbacks, imports and presets. The running host and the offline tool both call these, so
// that they arrive at the same state.

extension StudioState {
  /// The show after `other` took its place: the layers and the config of `other`, in line with the packages of this
  /// state. A package that only `other` has comes along.
  public func replaced(by other: StudioState) -> StudioState {
    StudioState(layers: other.layers, config: other.config, packages: other.packages.merging(packages))
      .reconciled(with: .empty).state
  }

  /// The show with the layer `id` as it is in `earlier`, and everything else as it is now.
  ///
  /// - The layer keeps its place. One that is gone returns to the position that it has in `earlier`, or on top when the
  ///   show is shorter now.
  /// - Its package comes along when this state lacks it. Otherwise its parameters are brought in line with the package
  ///   of this state, as at a start.
  ///
  /// - Throws: `missing` when `earlier` has no such layer, `tooMany` when the show is full.
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
