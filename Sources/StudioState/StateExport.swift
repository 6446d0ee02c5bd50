extension StudioState {
  /// The whole state in one object, with its packages, so that it can be read where those are not installed:
  /// `{"config":…,"layers":[…],"packages":{ID: header},"sequence":N}`. Layers are written as their packages declare them
  /// now, so that what is exported can be imported.
  public func exportJSON(sequence: UInt64) -> JSONValue {
    var state = self
    state.layers = LayerStack(layersAsDeclared)
    return .object((state.json(sequence: sequence).objectValue ?? []) + [.init("packages", packages.storedJSON)])
  }
}
