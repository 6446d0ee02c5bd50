import BuiltInPackages
import Documents
public import DurableSessions
import PersistenceMessages
public import PresetLibrary
public import StudioState

// A show's rungs of the recovery ladder: the demo for a new folder, the newest preset or an empty show when nothing that was
// stored can be read, and a dark show after a crash loop.
extension SessionProgram {
  /// - Parameters:
  ///   - packages: those that are installed: for presets, and for an empty show.
  ///   - isDemo: whether a new folder begins with the demo.
  public static func studio(packages: PackageCatalog, presets: PresetLibrary, isDemo: Bool) -> SessionProgram {
    let empty = StudioState(packages: packages)
    return SessionProgram(
      reading: .studio,
      beginning: {
        isDemo
          ? Beginning(StateDocuments(BuiltInPackages.demoState), rung: .program("demo"), isStored: true)
          : Beginning(StateDocuments(empty), rung: .initial)
      }, lastResort: { lastResort(packages, presets, empty) }, harmless: { withLayersOff($0.studioState) },
      isBlank: { source in !source.studioState.layers.contains { $0.isEnabled } },
      rungs: [
        ProgramRung("preset"),
        // A black picture crashes nothing, so only a layer that is on proves anything.
        ProgramRung(layersOff, blankState: .isHeldUntilShown),
        ProgramRung("empty", blankState: .isHeldUntilAcknowledged),
      ])
  }

  private static let layersOff = "layersOff"

  private static func lastResort(
    _ packages: PackageCatalog, _ presets: PresetLibrary, _ empty: StudioState
  ) -> Beginning {
    var beginning = Beginning(StateDocuments(empty), rung: .program("empty"), isStored: true)
    do throws(PresetFailure) {
      let (preset, problems) = try presets.loadNewest(packages: packages, config: empty.config)
      beginning.notices = problems.map(\.description)
      guard let preset else { return beginning }
      beginning.source = StateDocuments(preset.state)
      beginning.rung = .program("preset")
      beginning.lost = ["the show is the preset \(preset.name)"]
    } catch {
      beginning.notices.append(error.description)
    }
    return beginning
  }

  /// The show as it is, with nothing in it that could be on air.
  private static func withLayersOff(_ state: StudioState) -> Beginning {
    var dark = state
    for layer in state.layers where layer.isEnabled { dark.layers.replace(layer.with(isEnabled: false)) }
    return Beginning(
      StateDocuments(dark), rung: .program(layersOff), isStored: true, lost: ["all layers are switched off"])
  }
}
