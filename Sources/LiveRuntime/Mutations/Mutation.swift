public import Documents
public import PersistenceMessages
public import StudioState

/// Everything that can be asked of the running show. A mutation's class decides whether it is stored (invariant I4); only
/// ``mutationClass`` assigns classes.
public enum Mutation: Sendable {
  case addLayer(Layer, at: Int?)
  case removeLayer(LayerID)
  case moveLayer(LayerID, to: Int)
  case renameLayer(LayerID, String)
  case setParameter(LayerID, String, ParameterValue)
  case setOpacity(LayerID, Double)
  case setEnabled(LayerID, Bool)
  case setBlendMode(LayerID, BlendMode)
  /// The members given replace those of the config.
  case setConfig(JSONValue)
  /// Makes what is live durable, also what has not settled yet: the operator stores the picture that is seen.
  case storeLiveValues
  /// Replaces the layers by a preset's and clears all live values.
  case loadPreset(name: String, StudioState)
  /// Replaces layers and config, and clears all live values: rollback and import.
  case replaceState(StudioState, GenerationOrigin, reason: String)
  /// Brings one layer back as it is in that state (``StudioState/restoring(_:from:)``), and clears its live values.
  case restoreLayer(LayerID, from: StudioState, GenerationOrigin, reason: String)
  /// The packages folder was read anew.
  case setPackages(PackageCatalog)
  case commitLive(LayerID, LiveTarget, ParameterValue)
  case clearLiveValues
  /// Lets go of one live value: the durable one is on air again.
  case dropLive(LayerID, LiveTarget)
  case automate(LayerID, LiveTarget, ParameterValue)
  case identifyOutput(Bool)
}

/// What becomes of a mutation.
public enum MutationClass: String, Sendable, CaseIterable {
  /// Part of the show: requests persistence.
  case durable
  /// Part of the session: kept until the host ends.
  case committedLive
  /// In flight: settles into the session after a quiet time.
  case transient
  /// Concerns this machine's picture only.
  case renderLocal
}

extension Mutation {
  public var mutationClass: MutationClass {
    switch self {
    case .addLayer, .removeLayer, .moveLayer, .renameLayer, .setParameter, .setOpacity, .setEnabled, .setBlendMode,
      .setConfig, .storeLiveValues, .loadPreset, .replaceState, .restoreLayer, .setPackages:
      .durable
    case .commitLive, .clearLiveValues, .dropLive: .committedLive
    case .automate: .transient
    case .identifyOutput: .renderLocal
    }
  }

  /// The action's name in requests, generations and the journal.
  public var actionName: String {
    switch self {
    case .addLayer: "layer.add"
    case .removeLayer: "layer.remove"
    case .moveLayer: "layer.move"
    case .renameLayer: "layer.rename"
    case .setParameter: "parameter.set"
    case .setOpacity: "opacity.set"
    case .setEnabled: "enabled.set"
    case .setBlendMode: "blendMode.set"
    case .setConfig: "config.set"
    case .storeLiveValues: "live.store"
    case .loadPreset: "preset.load"
    case .replaceState(_, _, let reason), .restoreLayer(_, _, _, let reason): reason
    case .setPackages: "packages.reload"
    case .commitLive: "live.commit"
    case .clearLiveValues: "live.clear"
    case .dropLive: "live.drop"
    case .automate: "live.automate"
    case .identifyOutput: "output.identify"
    }
  }

  var origin: GenerationOrigin {
    switch self {
    case .replaceState(_, let origin, _), .restoreLayer(_, _, let origin, _): origin
    default: .mutation
    }
  }

  var target: PersistenceTarget {
    if case .setConfig = self { .runtimeConfig } else { .runtimeState }
  }
}

/// What a live value addresses within a layer.
public enum LiveTarget: Hashable, Sendable {
  case parameter(String)
  case opacity
  case enabled
}
