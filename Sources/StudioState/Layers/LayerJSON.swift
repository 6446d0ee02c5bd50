// A layer as JSON: one shape on the wire (docs/control-interface.md), in layer documents on disk and in presets.

public import Documents

extension Layer {
  public var json: JSONValue {
    [
      "id": .string(id.rawValue), "name": .string(name), "package": .string(package.rawValue),
      "enabled": .bool(isEnabled), "opacity": .double(opacity), "blendMode": .string(blendMode.rawValue),
      "parameters": .object(zip(parameters.names, parameters.values).map { .init($0, $1.json) }),
    ]
  }

  /// The same bytes as `CanonicalJSON.encode(json)`, written without building the tree (4 µs for 40 parameters instead
  /// of 20).
  public var canonicalJSON: [UInt8] {
    var writer = CanonicalJSON(reservingBytes: 160 + parameters.count * 40)
    writer.raw("{\"blendMode\":")
    writer.write(blendMode.rawValue)
    writer.raw(",\"enabled\":")
    writer.raw(isEnabled ? "true" : "false")
    writer.raw(",\"id\":")
    writer.write(id.rawValue)
    writer.raw(",\"name\":")
    writer.write(name)
    writer.raw(",\"opacity\":")
    writer.write(opacity)
    writer.raw(",\"package\":")
    writer.write(package.rawValue)
    writer.raw(",\"parameters\":{")
    for index in 0..<parameters.count {
      if index > 0 { writer.raw(",") }
      writer.write(parameters.names[index])
      writer.raw(":")
      writer.write(parameters.values[index])
    }
    writer.raw("}}")
    return writer.bytes
  }

  /// Reads a layer. With `package` the parameters are checked against its definitions and converted to their types, and
  /// missing ones get their defaults. Without a package, because its file is missing, they are kept as written.
  ///
  /// `name`, `enabled`, `opacity`, `blendMode` and `parameters` may be missing. Their defaults are the id, true, 1,
  /// normal and the package's defaults.
  ///
  /// - Parameter outOfRange: the treatment of a value outside its parameter's range.
  public convenience init(
    json: JSONValue, at path: String, outOfRange: OutOfRangeValues = .areRefused,
    package find: (PackageID) -> PackageDefinition?
  ) throws(StateRejection) {
    let fields = try LayerFields(json, at: path)
    let table = try fields.parameters(of: find(fields.package), outOfRange, at: path)
    self.init(
      id: fields.id, name: fields.name, package: fields.package, isEnabled: fields.isEnabled, opacity: fields.opacity,
      blendMode: fields.blendMode, parameters: table)
  }
}

/// The treatment of values outside their parameter's range when a layer is read.
public enum OutOfRangeValues: Sendable {
  /// For new values: requests.
  case areRefused
  /// For values that were stored with earlier versions of the packages: files. The values are clamped for rendering,
  /// see `Layer.withinRanges(of:)`.
  case areKept
}

/// The members of a layer's JSON, read one by one; an unknown member refuses the layer.
private struct LayerFields {
  var id: LayerID
  var name: String
  var package: PackageID
  var isEnabled = true
  var opacity = 1.0
  var blendMode = BlendMode.normal
  var parameters: [JSONValue.Member] = []

  init(_ json: JSONValue, at path: String) throws(StateRejection) {
    guard let members = json.objectValue else {
      throw StateRejection(.wrongType, at: path, "a layer is an object, not \(json.kindName)")
    }
    guard let id = json["id"]?.stringValue.flatMap(LayerID.init) else {
      throw StateRejection(.badName, at: "\(path).id", "a layer's id is \(studioNameRule)")
    }
    guard let package = json["package"]?.stringValue.flatMap(PackageID.init) else {
      throw StateRejection(.badName, at: "\(path).package", "a package's id is \(studioNameRule)")
    }
    self.id = id
    self.package = package
    name = id.rawValue
    for member in members { try apply(member, at: "\(path).\(member.name)") }
  }

  private mutating func apply(_ member: JSONValue.Member, at path: String) throws(StateRejection) {
    switch member.name {
    case "id", "package": break
    case "name": name = try boundedText(member.value, at: path)
    case "enabled":
      guard let value = member.value.boolValue else {
        throw StateRejection(.wrongType, at: path, "true or false is expected, not \(member.value.kindName)")
      }
      isEnabled = value
    case "opacity": opacity = try boundedNumber(member.value, 0...1, at: path)
    case "blendMode":
      guard let word = member.value.stringValue, let mode = BlendMode(rawValue: word) else {
        let words = BlendMode.allCases.map(\.rawValue).joined(separator: ", ")
        throw StateRejection(.wrongType, at: path, "one of \(words) is expected")
      }
      blendMode = mode
    case "parameters":
      guard let members = member.value.objectValue else {
        throw StateRejection(.wrongType, at: path, "an object is expected, not \(member.value.kindName)")
      }
      parameters = members
    default: throw StateRejection(.unknownMember, at: path, "a layer has no such member")
    }
  }

  func parameters(
    of definition: PackageDefinition?, _ outOfRange: OutOfRangeValues, at path: String
  ) throws(StateRejection) -> ParameterTable {
    var pairs: [(name: String, value: ParameterValue)] = []
    for member in parameters {
      let place = "\(path).parameters.\(member.name)"
      guard let value = ParameterValue(json: member.value) else {
        throw StateRejection(.wrongType, at: place, "no parameter is written as \(member.value.kindName)")
      }
      guard let definition else {
        pairs.append((member.name, value))
        continue
      }
      guard let parameter = definition[member.name] else {
        throw StateRejection(.unknownParameter, at: place, "package \(definition.id) has no such parameter")
      }
      do {
        pairs.append((member.name, try parameter.validated(value)))
      } catch {
        // A text can be out of range only by its size. A number is converted to its parameter's type: 4 for a float is
        // 4.0.
        guard error.code == .outOfRange, outOfRange == .areKept, value.type != .string,
          let kept = parameter.converted(value)
        else { throw StateRejection(error.code, at: place, error.detail) }
        pairs.append((member.name, kept))
      }
    }
    guard let definition else { return ParameterTable(pairs) }
    return ParameterTable(definition.parameters.map { ($0.name, $0.defaultValue) } + pairs)
  }
}
