import Documents
public import StudioState

// For the recovery ladder, when no generation can be read.
extension PresetLibrary {
  /// Most presets that are tried before the ladder continues: a start must not read a thousand damaged files.
  static let maximumTries = 8

  /// The newest preset that can be loaded, and the problems of newer ones.
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
    // The name orders presets saved in the same millisecond, so that the result is deterministic.
    try list().sorted { left, right in
      left.modifiedAtUnixMs != right.modifiedAtUnixMs
        ? left.modifiedAtUnixMs > right.modifiedAtUnixMs : CanonicalJSON.precedes(left.name, right.name)
    }
  }
}
