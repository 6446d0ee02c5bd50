import StudioState

// Live values in the draft: setting, settling, clearing, and what render sees of them.
extension MutationDraft {
  mutating func clearLiveValues() {
    committed = CommittedLiveState()
    transient = TransientAutomation()
    isRearranged = true
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

  /// Brings ``effective`` up to date. The cost follows what was touched; only a new arrangement costs a step for each
  /// layer that has live values.
  mutating func refreshEffective() {
    if committed.isEmpty && transient.isEmpty {
      effective = state.layers
    } else if isRearranged {
      effective = state.layers
      for id in Set(committed.layers + transient.layers) { refresh(id) }
    } else {
      for id in touched { refresh(id) }
    }
    touched = []
    isRearranged = false
  }

  private mutating func refresh(_ id: LayerID) {
    guard var layer = state.layers[id] else { return }
    if let overlay = committed[id] { layer = overlay.applied(to: layer) }
    if let overlay = transient[id] { layer = overlay.applied(to: layer) }
    effective.replace(layer)
  }
}
