public import PresetLibrary
public import StudioState

/// The presets folder, as the control surfaces use it: a seam for the disk, which tests replace. Every function may block
/// on the disk and is called from a thread that may wait, never from one that reads packets or connections.
public protocol PresetShelf: Sendable {
  /// All presets, sorted by name.
  func list() throws(PresetFailure) -> [PresetSummary]
  /// The preset's file as JSON, its layers not checked.
  func readJSON(_ name: String) throws(PresetFailure) -> JSONValue
  /// The preset's layers, checked against `packages`, with `packages` and `config` as the rest of the state.
  func load(_ name: String, packages: PackageCatalog, config: RuntimeConfig) throws(PresetFailure) -> StudioState
  /// Returns once the file is on disk.
  func save(_ name: String, _ state: StudioState) throws(PresetFailure)
  func delete(_ name: String) throws(PresetFailure)
}

extension PresetLibrary: PresetShelf {}

extension PresetShelf {
  /// The preset as it fits `show`, for `Mutation.loadPreset`.
  func load(_ name: String, into show: StudioState) throws(PresetFailure) -> StudioState {
    try load(name, packages: show.packages, config: show.config)
  }
}
