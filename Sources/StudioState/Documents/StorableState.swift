public import Documents

// The part of a state that can be written to disk and read back. Values are checked where they enter the state, so a
// value is held back here only because of a bug or an extreme show. It must not prevent the rest of the show from being
// stored.

extension StudioState {
  /// This state with each part that could not be read back replaced by its content in `earlier`: a number that is not
  /// finite by its earlier value or the package's default, a layer that is too large by the earlier layer or none,
  /// packages that are too large together by the earlier packages or none.
  ///
  /// Takes time proportional to the changes since `earlier`, not to the size of the state.
  ///
  /// - Returns: the state to store, and each part that was held back.
  public func storable(over earlier: StudioState?) -> (state: StudioState, heldBack: [HeldBack]) {
    var state = self
    var heldBack: [StateRejection] = []
    for layer in earlier.map({ layers.layersChanged(since: $0.layers) }) ?? Array(layers) {
      state.holdBack(layer, earlier?.layers[layer.id], &heldBack)
    }
    if !config.frameRate.isFinite {
      heldBack.append(.notFinite(at: "config.frameRate"))
      state.config.frameRate = earlier?.config.frameRate ?? RuntimeConfig().frameRate
    }
    if earlier.map({ $0.packages !== packages }) ?? true { state.holdBackPackages(earlier, &heldBack) }
    return (state, heldBack.map { HeldBack(path: $0.path, problem: $0.detail) })
  }

  private mutating func holdBack(_ layer: Layer, _ earlier: Layer?, _ heldBack: inout [StateRejection]) {
    var layer = layer
    if !layer.isFinite {
      layer = layer.finite(over: earlier, packages[layer.package], &heldBack)
      layers.replace(layer)
    }
    guard let bytes = layer.excessiveBytes else { return }
    heldBack.append(.tooLarge(bytes, at: "layers.\(layer.id)"))
    if let earlier, earlier.excessiveBytes == nil { layers.replace(earlier) } else { layers.remove(layer.id) }
  }

  /// The headers come from files of bounded size, so only a very large number of them can be too large together.
  private mutating func holdBackPackages(_ earlier: StudioState?, _ heldBack: inout [StateRejection]) {
    let bytes = packagesDocument.body.count
    guard bytes > Document.maximumBytes else { return }
    heldBack.append(.tooLarge(bytes, at: "packages"))
    packages = earlier?.packages ?? .empty
  }
}

extension Layer {
  fileprivate var isFinite: Bool { opacity.isFinite && parameters.values.allSatisfy(\.isFinite) }

  /// The document's size in bytes if it is too large to be read back; nil otherwise. Only a layer that might be too
  /// large is encoded.
  fileprivate var excessiveBytes: Int? {
    // A byte of text takes at most six bytes in JSON; other values are a few numbers of at most 25 bytes each.
    var bound = 1024 + name.utf8.count * 6
    for index in 0..<parameters.count {
      bound += parameters.names[index].utf8.count * 6 + 128
      if case .string(let text) = parameters.values[index] { bound += text.utf8.count * 6 }
    }
    guard bound > Document.maximumBytes else { return nil }
    let bytes = canonicalJSON.count
    return bytes > Document.maximumBytes ? bytes : nil
  }

  fileprivate func finite(
    over earlier: Layer?, _ package: PackageDefinition?, _ heldBack: inout [StateRejection]
  ) -> Layer {
    var pairs: [(name: String, value: ParameterValue)] = []
    for (name, value) in zip(parameters.names, parameters.values) {
      if value.isFinite {
        pairs.append((name, value))
        continue
      }
      heldBack.append(.notFinite(at: "layers.\(id).parameters.\(name)"))
      let kept = [earlier?.parameters[name], package?[name]?.defaultValue].compactMap(\.self).first { $0.isFinite }
      if let kept { pairs.append((name, kept)) }
    }
    var opacity = opacity
    if !opacity.isFinite {
      heldBack.append(.notFinite(at: "layers.\(id).opacity"))
      opacity = earlier.map(\.opacity).flatMap { $0.isFinite ? $0 : nil } ?? 1
    }
    return with(opacity: opacity, parameters: ParameterTable(pairs))
  }
}

extension StateRejection {
  fileprivate static func notFinite(at path: String) -> StateRejection {
    StateRejection(.notFinite, at: path, "the number is not finite; the value stored before it stays")
  }

  fileprivate static func tooLarge(_ bytes: Int, at path: String) -> StateRejection {
    StateRejection(
      .outOfRange, at: path,
      "it takes \(bytes) bytes, at most \(Document.maximumBytes) can be stored; what was stored before it stays")
  }
}
