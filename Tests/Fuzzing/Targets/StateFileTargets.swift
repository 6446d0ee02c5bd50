import PresetLibrary
import RecoveryWorkbench
import StudioState

/// The content of a preset's file: refused, or layers that can be saved, loaded and stored.
func presetsThatLoadCanBeSavedAndLoaded(_ bytes: UnsafeBufferPointer<UInt8>) {
  guard let state = try? preset(Array(bytes)) else { return }
  mustHold(state.config == SampleShow.state.config, "a preset leaves the config alone")
  mustBeStorable(state)
  let saved = PresetLibrary.content(of: state)
  let again = mustSucceed("what is saved can be loaded") { try preset(saved) }
  mustHold(again == state, "a saved preset loads as it was")
  mustHold(PresetLibrary.content(of: again) == saved, "it is saved again as the same bytes")
}

private func preset(_ content: [UInt8]) throws(PresetFailure) -> StudioState {
  try PresetLibrary.state(
    in: PresetLibrary.json(in: content, of: "fuzzed"), of: "fuzzed", packages: SampleShow.catalog,
    config: SampleShow.state.config)
}

/// A file to import: refused, or a state that can be stored, exported and imported, also where its packages are not
/// installed.
func importsCanBeExportedAndImported(_ bytes: UnsafeBufferPointer<UInt8>) {
  guard let state = try? ExportFormat.read(Array(bytes), installed: SampleShow.catalog) else { return }
  mustBeStorable(state)
  let exported = ExportFormat.content(of: state, sequence: 7)
  let again = mustSucceed("an exported state can be imported") {
    try ExportFormat.read(exported, installed: .empty)
  }
  mustHold(again.layers == state.layers && again.config == state.config, "an exported state is imported as it was")
  mustHold(ExportFormat.content(of: again, sequence: 7) == exported, "it is exported again as the same bytes")
}
