/// A shader package: what its header declares. The shader's code itself is the renderer's business.
public final class PackageDefinition: Sendable {
  public let id: PackageID
  public let title: String
  public let version: String
  /// In the order of the header.
  public let parameters: [ParameterDefinition]
  /// The whole header as it was read, so that what Afterimage does not use is not lost.
  public let header: JSONValue
  /// What in the header was read in another way than it is written, in words for its author.
  public let notes: [String]

  private let indexByName: [String: Int]

  /// Of two parameters with the same name the later one is found by name; the ISF reader refuses such headers.
  public init(
    id: PackageID, title: String, version: String, parameters: [ParameterDefinition], header: JSONValue = .object([]),
    notes: [String] = []
  ) {
    self.id = id
    self.title = title
    self.version = version
    self.parameters = parameters
    self.header = header
    self.notes = notes
    indexByName = Dictionary(parameters.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
  }

  public subscript(_ name: String) -> ParameterDefinition? {
    indexByName[name].map { parameters[$0] }
  }

  /// `value` as one of the parameter `name`, as ``ParameterDefinition/validated(_:)`` says; nil when there is no such
  /// parameter. For the hot path: the definition is not copied.
  public func validated(_ name: String, _ value: ParameterValue) throws(StateRejection) -> ParameterValue? {
    guard let index = indexByName[name] else { return nil }
    return try parameters[index].validated(value)
  }

  /// Every parameter at its default: what a new layer starts with.
  public var defaults: ParameterTable {
    ParameterTable(parameters.map { ($0.name, $0.defaultValue) })
  }

  /// As in `GET /packages`; `notes` is left out when there are none.
  public var json: JSONValue {
    var members = [
      JSONValue.Member("id", .string(id.rawValue)), JSONValue.Member("title", .string(title)),
      JSONValue.Member("version", .string(version)), JSONValue.Member("parameters", .array(parameters.map(\.json))),
    ]
    if !notes.isEmpty { members.append(JSONValue.Member("notes", .array(notes.map { .string($0) }))) }
    return .object(members)
  }
}

extension PackageDefinition: Equatable {
  public static func == (left: PackageDefinition, right: PackageDefinition) -> Bool {
    left === right || left.id == right.id && left.header == right.header && left.title == right.title
  }
}

/// All packages a show can use, by id. Immutable and shared by every state of the same show.
public final class PackageCatalog: Sendable {
  /// Sorted by id.
  public let packages: [PackageDefinition]
  private let packagesByID: [PackageID: PackageDefinition]

  public static let empty = PackageCatalog([])

  /// Of two packages with the same id the later one counts.
  public init(_ packages: [PackageDefinition]) {
    packagesByID = Dictionary(packages.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    self.packages = packagesByID.values.sorted { CanonicalJSON.precedes($0.id.rawValue, $1.id.rawValue) }
  }

  public subscript(_ id: PackageID) -> PackageDefinition? {
    packagesByID[id]
  }

  /// This catalog with the packages of `other` in place of its own of the same id.
  public func merging(_ other: PackageCatalog) -> PackageCatalog {
    PackageCatalog(packages + other.packages)
  }

  /// The packages whose header was kept, as they are stored: `{"ID": header, …}`.
  public var storedJSON: JSONValue {
    .object(packages.map { .init($0.id.rawValue, $0.header) })
  }

  /// Reads what ``storedJSON`` wrote. A header that can't be read any more is left out: the layers keep their values.
  public init(storedJSON json: JSONValue) {
    let packages = (json.objectValue ?? []).compactMap { member -> PackageDefinition? in
      guard let id = PackageID(member.name) else { return nil }
      return try? ISFHeader.package(id: id, header: member.value)
    }
    packagesByID = Dictionary(packages.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    self.packages = packagesByID.values.sorted { CanonicalJSON.precedes($0.id.rawValue, $1.id.rawValue) }
  }
}

extension PackageCatalog: Equatable {
  public static func == (left: PackageCatalog, right: PackageCatalog) -> Bool {
    left === right || left.packages == right.packages
  }
}
