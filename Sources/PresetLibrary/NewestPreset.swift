public import StudioState

// What the recovery ladder asks for when no generation can be read.
extension PresetLibrary {
  /// Presets that are tried at most before the ladder goes on: a start must not read a thousand damaged files.
  static let maximumTries = 8

  /// The preset saved last among those that can be loaded, and what was wrong with the later ones.
  public func loadNewest(
    packages: PackageCatalog, config: RuntimeConfig
  ) throws(PresetFailure) -> (preset: (name: String, state: StudioState)?, problems: [PresetFailure]) {
    var problems: [PresetFailure] = []
    for summary in try newestFirst().prefix(Self.maximumTries) {
      do throws(PresetFailure) {
        return ((summary.name, try load(summary.name, packages: packages, config: config)), problems)
      } catch {
        problems.append(error)
      }
    }
    return (nil, problems)
  }

  private func newestFirst() throws(PresetFailure) -> [PresetSummary] {
    // Of two saved in the same millisecond the name decides, so that the answer is always the same.
    try list().sorted { left, right in
      left.modifiedAtUnixMs != right.modifiedAtUnixMs
        ? left.modifiedAtUnixMs > right.modifiedAtUnixMs : CanonicalJSON.precedes(left.name, right.name)
    }
  }
}
