extension StudioState {
  /// The whole state in one object, with its packages, so that it can be read where those are not installed:
  /// `{"config":…,"formatVersion":1,"layers":[…],"packages":{ID: header},"sequence":N}`. Layers are written as their packages declare them
  /// now, so that what is exported can be imported.
  public func exportJSON(sequence: UInt64) -> JSONValue {
    var state = self
    state.layers = LayerStack(layersAsDeclared)
    let members = state.json(sequence: sequence).objectValue ?? []
    return .object(
      members + [.init("formatVersion", .int(Self.exportVersion)), .init("packages", packages.storedJSON)])
  }

  /// The version of the form of exports. Exports without a number are of the first version. A new one is for a change
  /// that earlier versions would misread.
  public static let exportVersion: Int64 = 1
}
