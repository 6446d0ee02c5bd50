import PersistenceMessages
import StudioState

/// The runtime's values while mutations are tried on them. Everything in it is a value with structural sharing, so that
/// making a draft is free and throwing it away undoes the whole batch.
struct MutationDraft {
  var state: StudioState
  var committed: CommittedLiveState
  var transient: TransientAutomation
  /// ``state``'s layers with the live values over them; nil as long as nothing is live.
  var overlaid: LayerStack?
  var identifiesOutput: Bool

  /// Layers whose effective version must be made anew.
  var touched: Set<LayerID> = []
  /// Whether the effective stack must be made anew: layers came, went, moved or were all replaced, or nothing live lay
  /// over them.
  var isRearranged = false
  var isDurableChanged = false
  /// Layers with a stored value outside its package's range: render sees them moved into it.
  var outOfRange: Set<LayerID> = []

  init(
    state: StudioState, committed: CommittedLiveState = .init(), transient: TransientAutomation = .init(),
    identifiesOutput: Bool = false
  ) {
    self.state = state
    self.committed = committed
    self.transient = transient
    self.identifiesOutput = identifiesOutput
    outOfRange = state.layersOutOfRange
    isRearranged = true
    refreshEffective()
  }

  /// What render sees.
  var effective: LayerStack { overlaid ?? state.layers }

  /// Tries one mutation; after a throw the draft must be thrown away.
  mutating func apply(_ mutation: Mutation, at now: Duration) throws(MutationRejection) {
    guard mutation.origin != .rollback else { return try rollBack(by: mutation, at: now) }
    try change(by: mutation, at: now)
    if mutation.mutationClass == .durable { isDurableChanged = true }
  }

  /// A rollback to the state that is there already clears live values and changes nothing durable. An import or a recovery
  /// of that state is stored all the same: it asks for a generation of its own.
  private mutating func rollBack(by mutation: Mutation, at now: Duration) throws(MutationRejection) {
    let before = state
    try change(by: mutation, at: now)
    if state != before { isDurableChanged = true }
  }

  /// What the mutation does. Whether that is durable is not decided here (``Mutation/mutationClass``).
  private mutating func change(by mutation: Mutation, at now: Duration) throws(MutationRejection) {
    switch mutation {
    case .addLayer(let layer, let position): try add(layer, at: position)
    case .removeLayer(let id): try remove(id)
    case .moveLayer(let id, let position): try move(id, to: position)
    case .renameLayer(let id, let name): try renameLayer(id, name)
    case .setParameter(let id, let name, let value): try setParameter(id, name, value)
    case .setOpacity(let id, let opacity):
      replace(try layer(id).with(opacity: try Self.validatedOpacity(.double(opacity), of: id)))
    case .setEnabled(let id, let isEnabled): replace(try layer(id).with(isEnabled: isEnabled))
    case .setBlendMode(let id, let mode): replace(try layer(id).with(blendMode: mode))
    case .setConfig(let json):
      state.config = try Self.refusing { () throws(StateRejection) in try state.config.applying(json) }
    case .storeLiveValues: storeLiveValues()
    case .loadPreset(_, let preset): replaceLayers(fitting(preset.layers))
    case .replaceState(let new, _, _):
      state = state.replaced(by: new)
      outOfRange = state.layersOutOfRange
      clearLiveValues()
    case .restoreLayer(let id, let earlier, _, _): try restore(id, from: earlier)
    case .setPackages(let catalog):
      state = state.reconciled(with: catalog).state
      outOfRange = state.layersOutOfRange
      dropUnfitLiveValues()
      isRearranged = true
    case .commitLive(let id, let target, let value): try commitLive(id, target, value)
    case .clearLiveValues: clearLiveValues()
    case .dropLive(let id, let target): try dropLive(id, target)
    case .automate(let id, let target, let value): try automate(id, target, value, at: now)
    case .identifyOutput(let isOn): identifiesOutput = isOn
    }
  }
}
