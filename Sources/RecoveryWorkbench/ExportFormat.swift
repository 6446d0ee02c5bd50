import Documents
package import StudioState

/// The format of an exported state: `{"config":…,"formatVersion":1,"layers":[…],"packages":{ID: header},"sequence":N}`
/// as canonical JSON and a newline. It contains its packages, so it can be read where those are not installed. No
/// files.
package enum ExportFormat {
  /// Larger than any show that the host accepts.
  static let maximumBytes = 256 << 20

  package static func content(of state: StudioState, sequence: UInt64) -> [UInt8] {
    CanonicalJSON.encode(state.exportJSON(sequence: sequence)) + [UInt8(ascii: "\n")]
  }

  /// Checks everything, because the file is untrusted.
  ///
  /// - Parameter installed: packages of the show that takes it; those in the file count before them.
  /// - Throws: a `JSONRejection` or a `StateRejection`.
  package static func read(_ bytes: [UInt8], installed: PackageCatalog) throws -> StudioState {
    let json = try JSONParser.parse(bytes, limits: .init(bytes: maximumBytes))
    try refuseNewerVersion(json)
    try refuseUnknownMembers(json)
    let packages = installed.merging(try packages(in: json))
    return try StudioState(json: json, packages: packages, config: RuntimeConfig(), outOfRange: .areKept)
  }

  private static func refuseUnknownMembers(_ json: JSONValue) throws(StateRejection) {
    guard let members = json.objectValue else {
      throw StateRejection(.wrongType, at: "", "an object is expected, not \(json.kindName)")
    }
    for member in members where !["config", "formatVersion", "layers", "packages", "sequence"].contains(member.name) {
      throw StateRejection(.unknownMember, at: member.name, "an exported state has no such member")
    }
  }

  /// First of all: of a newer version nothing else can be told.
  private static func refuseNewerVersion(_ json: JSONValue) throws(StateRejection) {
    guard let member = json["formatVersion"] else { return }
    guard let version = member.intValue, version >= 1 else {
      throw StateRejection(.wrongType, at: "formatVersion", "a number from 1 on is expected")
    }
    guard version <= StudioState.exportVersion else {
      throw StateRejection(
        .outOfRange, at: "formatVersion",
        "version \(version) is of a newer Afterimage; this one reads up to \(StudioState.exportVersion)")
    }
  }

  private static func packages(in json: JSONValue) throws(StateRejection) -> PackageCatalog {
    guard let stored = json["packages"] else { return .empty }
    guard let members = stored.objectValue else {
      throw StateRejection(.wrongType, at: "packages", "an object is expected, not \(stored.kindName)")
    }
    let catalog = PackageCatalog(storedJSON: stored)
    for member in members {
      guard let id = PackageID(member.name), catalog[id] != nil else {
        throw StateRejection(.badName, at: "packages.\(member.name)", "the package's name or header can't be read")
      }
    }
    return catalog
  }
}
