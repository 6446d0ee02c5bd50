public import Documents

/// The declarations in the header of a shader package. The shader's code is not part of it.
public final class PackageDefinition: Sendable {
  public let id: PackageID
  public let title: String
  public let version: String
  /// In the order of the header.
  public let parameters: [ParameterDefinition]
  /// The whole header as it was read, so that members that Afterimage does not use are preserved.
  public let header: JSONValue
  /// Corrections made while reading the header, described for its author.
  public let notes: [String]

  private let indexByName: [String: Int]

  /// Of two parameters with the same name, look-ups find the later one; the ISF reader refuses such headers.
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

  /// `value` validated for the parameter `name` (``ParameterDefinition/validated(_:)``); nil if there is no such
  /// parameter. For the hot path: the definition is not copied.
  public func validated(_ name: String, _ value: ParameterValue) throws(StateRejection) -> ParameterValue? {
    guard let index = indexByName[name] else { return nil }
    return try parameters[index].validated(value)
  }

  /// Every parameter with its default: the parameters of a new layer.
  public var defaults: ParameterTable {
    ParameterTable(parameters.map { ($0.name, $0.defaultValue) })
  }

  /// The form in `GET /packages`; `notes` is omitted if empty.
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

  /// Of two packages with the same id the later one is used.
  public init(_ packages: [PackageDefinition]) {
    packagesByID = Dictionary(packages.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    self.packages = packagesByID.values.sorted { CanonicalJSON.precedes($0.id.rawValue, $1.id.rawValue) }
  }

  public subscript(_ id: PackageID) -> PackageDefinition? {
    packagesByID[id]
  }

  /// This catalog with the packages of `other` added; they replace packages of the same id.
  public func merging(_ other: PackageCatalog) -> PackageCatalog {
    PackageCatalog(packages + other.packages)
  }

  /// The stored form: `{"ID": header, …}`.
  public var storedJSON: JSONValue {
    .object(packages.map { .init($0.id.rawValue, $0.header) })
  }

  /// Reads the form of ``storedJSON``. A header that can no longer be read is omitted; the layers keep their values.
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
