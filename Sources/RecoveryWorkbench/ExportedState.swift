import DurableFiles
import GenerationStore
import StudioState

/// A generation in a file of its own: `{"config":…,"layers":[…],"packages":{ID: header},"sequence":N}` as canonical
/// JSON and a newline. With its packages it can be read where those are not installed.
enum ExportedState {
  /// Larger than any show that the host accepts.
  static let maximumBytes = 256 << 20

  static func write(_ loaded: LoadedGeneration, to path: String) throws(ToolFailure) {
    try refuseExisting(path)
    let state = loaded.state.json(sequence: loaded.summary.sequence).objectValue ?? []
    let whole = JSONValue.object(state + [.init("packages", loaded.state.packages.storedJSON)])
    try explained { try DurableFile.replace(path, with: CanonicalJSON.encode(whole) + [UInt8(ascii: "\n")]) }
  }

  /// Checks everything: a file may come from anywhere.
  ///
  /// - Parameter installed: packages of the show that takes it; those in the file count before them.
  static func read(_ path: String, installed: PackageCatalog) throws(ToolFailure) -> StudioState {
    try explained {
      guard let bytes = try DurableFile.read(path, limit: maximumBytes) else {
        throw ToolFailure(.noInput, "There is no file \(path).")
      }
      do {
        let json = try JSONParser.parse(bytes, limits: .init(bytes: maximumBytes))
        try refuseUnknownMembers(json)
        let packages = installed.merging(try packages(in: json))
        return try StudioState(json: json, packages: packages, config: RuntimeConfig())
      } catch {
        throw ToolFailure(.corruptInput, "\(path) can't be imported: \(error). Nothing was changed.")
      }
    }
  }

  private static func refuseUnknownMembers(_ json: JSONValue) throws(StateProblem) {
    guard let members = json.objectValue else {
      throw StateProblem(.wrongType, at: "", "an object is expected, not \(json.kindName)")
    }
    for member in members where !["config", "layers", "packages", "sequence"].contains(member.name) {
      throw StateProblem(.unknownMember, at: member.name, "an exported state has no such member")
    }
  }

  private static func packages(in json: JSONValue) throws(StateProblem) -> PackageCatalog {
    guard let stored = json["packages"] else { return .empty }
    guard let members = stored.objectValue else {
      throw StateProblem(.wrongType, at: "packages", "an object is expected, not \(stored.kindName)")
    }
    let catalog = PackageCatalog(storedJSON: stored)
    for member in members {
      guard let id = PackageID(member.name), catalog[id] != nil else {
        throw StateProblem(.badName, at: "packages.\(member.name)", "the package's name or header can't be read")
      }
    }
    return catalog
  }
}
