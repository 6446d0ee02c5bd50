import BuiltInPackages
import GenerationStore
import LiveRuntime
import PersistenceMessages
import PresetLibrary
import Studio
import StudioState

/// What the host goes on air with, and what it has to say about it: the rungs of the recovery ladder from the stored
/// generations down to an empty show.
struct Restoration {
  var state: StudioState
  /// The generation that was loaded; nil when none was.
  var generation: Int64?
  /// When that generation was stored: wall clock, milliseconds since 1970.
  var storedAtUnixMs: Int64?
  /// The highest sequence ever stored; the runtime counts on from here.
  var sequence: UInt64
  /// The ladder's word: newest, older, partial, salvaged, preset, empty; `proven` after a crash loop and `layersOff` after
  /// one that the proven generation did not end; `demo` and `initial` for a new folder.
  var rung: String
  /// What was lost, in words.
  var lost: [String]
  /// How the state is to be stored as a generation of its own; nil when it is the newest one on disk already.
  var origin: GenerationOrigin?
  var notices: [String]

  /// What health and the journal call the source.
  var source: String {
    generation.map { "generation \($0)" } ?? rung
  }

  static func restore(
    _ opened: OpenedStore, highWaterMark: HighWaterMark, packages: PackageCatalog, presets: PresetLibrary, isDemo: Bool
  ) -> Restoration {
    var restoration = base(opened, highWaterMark: highWaterMark, packages: packages, presets: presets, isDemo: isDemo)
    let (state, changes) = restoration.state.reconciled(with: packages)
    restoration.state = state
    restoration.notices += changes.map(\.description)
    return restoration
  }

  private static func base(
    _ opened: OpenedStore, highWaterMark: HighWaterMark, packages: PackageCatalog, presets: PresetLibrary, isDemo: Bool
  ) -> Restoration {
    if let restored = opened.restored {
      return Restoration(
        state: restored.state, generation: restored.generation, storedAtUnixMs: restored.summary.storedAtUnixMs,
        sequence: max(restored.sequence, highWaterMark.sequence), rung: restored.rung.rawValue,
        lost: restored.lost + opened.lost,
        origin: restored.rung == .newest ? nil : .recovery, notices: opened.reports)
    }
    if opened.isNew {
      let state = isDemo ? BuiltInPackages.demoState : StudioState(packages: packages)
      return Restoration(
        state: state, generation: nil, sequence: highWaterMark.sequence, rung: isDemo ? "demo" : "initial",
        lost: opened.lost,
        origin: isDemo ? .initial : nil, notices: opened.reports)
    }
    var restoration = Restoration(
      state: StudioState(packages: packages), generation: nil, sequence: highWaterMark.sequence, rung: "empty",
      lost: [
        opened.missing.map { "no stored generation could be read: \($0)" } ?? "no stored generation could be read"
      ] + opened.lost,
      origin: .recovery, notices: opened.reports)
    restoration.takeNewestPreset(packages, presets)
    return restoration
  }

  static let provenRung = "proven"
  static let layersOffRung = "layersOff"

  /// The last rung but one: the show as it is, with nothing in it that could be on air.
  mutating func switchOffLayers() {
    for layer in state.layers where layer.isEnabled { state.layers.replace(layer.with(isEnabled: false)) }
    rung = Self.layersOffRung
  }

  private mutating func takeNewestPreset(_ packages: PackageCatalog, _ presets: PresetLibrary) {
    do throws(PresetProblem) {
      let (preset, problems) = try presets.loadNewest(packages: packages, config: state.config)
      notices += problems.map(\.description)
      guard let preset else { return }
      state = preset.state
      rung = "preset"
      lost.append("the show is the preset \(preset.name)")
    } catch {
      notices.append(error.description)
    }
  }
}
