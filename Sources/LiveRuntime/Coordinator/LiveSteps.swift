import StudioState

// Live values in the draft: setting, settling, clearing, and what render sees of them.
extension MutationDraft {
  mutating func commitLive(_ id: LayerID, _ target: LiveTarget, _ value: ParameterValue) throws(MutationRejection) {
    let accepted = try validated(id, target, value)
    touch(id)
    committed.set(id, target, accepted)
  }

  mutating func automate(
    _ id: LayerID, _ target: LiveTarget, _ value: ParameterValue, at now: Duration
  ) throws(MutationRejection) {
    let accepted = try validated(id, target, value)
    touch(id)
    transient.set(id, target, accepted, at: now)
  }

  mutating func clearLiveValues() {
    committed = CommittedLiveState()
    transient = TransientAutomation()
    isRearranged = true
  }

  /// A value that is not live is left as it is: two operators may drop the same one.
  mutating func dropLive(_ id: LayerID, _ target: LiveTarget) throws(MutationRejection) {
    _ = try layer(id)
    touch(id)
    committed.remove(target, of: id)
    transient.remove(target, of: id)
  }

  /// Lets go of live values that no longer fit their parameters, after the packages were read anew: a value over the show
  /// must be one that the show could store.
  mutating func dropUnfitLiveValues() {
    let state = state
    func fits(_ id: LayerID, _ name: String, _ value: ParameterValue) -> Bool {
      guard let layer = state.layers[id], let definition = state.packages[layer.package]?[name] else { return false }
      return (try? definition.validated(value)) == value
    }
    committed.keepParameters(where: fits)
    transient.keepParameters(where: fits)
  }

  /// Moves into the session what has been quiet until `now` (nil: everything); the layers concerned.
  @discardableResult
  mutating func settle(at now: Duration?) -> [LayerID] {
    let settled = transient.takeSettled(at: now)
    for (layer, overlay) in settled { committed.merge(overlay, into: layer) }
    return settled.map(\.layer)
  }

  /// Makes the committed values of `layers` durable.
  mutating func makeDurable(_ layers: [LayerID]) {
    for id in layers {
      guard let overlay = committed[id], let layer = state.layers[id] else { continue }
      committed.remove(id)
      replace(overlay.applied(to: layer))
    }
    isDurableChanged = true
  }

  /// Whether render sees something else than the durable layers.
  private var hasOverlay: Bool { !committed.isEmpty || !transient.isEmpty || !outOfRange.isEmpty }

  /// Notes that the effective version of a layer is out of date.
  mutating func touch(_ id: LayerID) {
    // As long as there is no overlay, effective is durable, and there is no need to know which layers changed. If
    // something becomes live later in the batch, the stack is made again for the few layers that it lies over.
    if hasOverlay { touched.insert(id) } else { isRearranged = true }
  }

  /// Brings ``overlaid`` up to date. The cost follows what was touched; only a new arrangement costs a step for each
  /// layer that has live values or values out of range.
  mutating func refreshEffective() {
    if !hasOverlay {
      overlaid = nil
    } else if isRearranged {
      overlaid = state.layers
      for id in outOfRange.union(committed.layers + transient.layers) { refresh(id) }
    } else {
      for id in touched { refresh(id) }
    }
    touched = []
    isRearranged = false
  }

  private mutating func refresh(_ id: LayerID) {
    guard var layer = state.layers[id] else { return }
    if outOfRange.contains(id) {
      let stored = layer
      layer = state.withinRanges(stored)
      // Whoever changed the value last has put it into the range.
      if layer === stored { outOfRange.remove(id) }
    }
    if let overlay = committed[id] { layer = overlay.applied(to: layer) }
    if let overlay = transient[id] { layer = overlay.applied(to: layer) }
    overlaid?.replace(layer)
  }
}
