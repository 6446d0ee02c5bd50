public import Documents
public import PresetLibrary
public import StudioState

/// Access to the presets folder for the control surfaces; a seam for the disk, which tests replace. Every function may
/// block on the disk, so it must be called on a thread that may wait, never on one that reads packets or connections.
public protocol PresetShelf: Sendable {
  /// All presets, sorted by name.
  func list() throws(PresetFailure) -> [PresetSummary]
  /// The preset's file as JSON; its layers are not checked.
  func readJSON(_ name: String) throws(PresetFailure) -> JSONValue
  /// A state of the preset's layers, checked against `packages`, and of `packages` and `config`.
  func load(_ name: String, packages: PackageCatalog, config: RuntimeConfig) throws(PresetFailure) -> StudioState
  /// Returns once the file is on disk.
  func save(_ name: String, _ state: StudioState) throws(PresetFailure)
  func delete(_ name: String) throws(PresetFailure)
}

extension PresetLibrary: PresetShelf {}

extension PresetShelf {
  /// The preset as a state with the packages and the config of `show`, for `Mutation.loadPreset`.
  func load(_ name: String, into show: StudioState) throws(PresetFailure) -> StudioState {
    try load(name, packages: show.packages, config: show.config)
  }
}
