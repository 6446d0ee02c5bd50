extension StudioState {
  /// The whole state in one object, with its packages, so that it can be read where those are not installed:
  /// `{"config":…,"layers":[…],"packages":{ID: header},"sequence":N}`.
  public func exportJSON(sequence: UInt64) -> JSONValue {
    .object((json(sequence: sequence).objectValue ?? []) + [.init("packages", packages.storedJSON)])
  }
}
