public import Documents

extension StudioState {
  /// The whole state in one object, with its packages, so that it can be read where those are not installed:
  /// `{"config":…,"formatVersion":1,"layers":[…],"packages":{ID: header},"sequence":N}`. Layers contain only parameters
  /// that their packages currently declare, so that every export can be imported.
  public func exportJSON(sequence: UInt64) -> JSONValue {
    var state = self
    state.layers = LayerStack(layersAsDeclared)
    let members = state.json(sequence: sequence).objectValue ?? []
    return .object(
      members + [.init("formatVersion", .int(Self.exportVersion)), .init("packages", packages.storedJSON)])
  }

  /// The version of the export format. Exports without a number have version 1. Increase it for a change that earlier
  /// versions would misread.
  public static let exportVersion: Int64 = 1
}
