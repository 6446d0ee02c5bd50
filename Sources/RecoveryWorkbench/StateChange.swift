public import Documents
import StudioState

/// One place of the state where two states differ.
public struct StateChange: Sendable, Equatable {
  /// Such as `config.frameRate`, `layers.plasma.parameters.mix`, or `layers` for the order. Layers stand by their id.
  public var path: String
  /// Nil where there was nothing.
  public var before: JSONValue?
  /// Nil where nothing is left.
  public var after: JSONValue?

  public init(_ path: String, before: JSONValue?, after: JSONValue?) {
    self.path = path
    self.before = before
    self.after = after
  }

  /// Between the documents of any program's states.
  public static func changes(from: [Document], to: [Document]) -> [StateChange] {
    ValueChange.changes(from: from, to: to).map { StateChange($0.path, before: $0.before, after: $0.after) }
  }

  /// As in `afterimage diff`; null where there is nothing.
  public var json: JSONValue {
    ["path": .string(path), "before": before ?? .null, "after": after ?? .null]
  }

  /// Reads what ``json`` wrote; nil when it is something else.
  init?(json: JSONValue) {
    guard let path = json["path"]?.stringValue else { return nil }
    // Written out, because a bare `nil` is JSON's null to the compiler.
    let side = { (name: String) -> JSONValue? in
      guard let value = json[name], value != .null else { return Optional.none }
      return value
    }
    self.init(path, before: side("before"), after: side("after"))
  }

  /// The id of the layer that it is about; nil for the order, the config and packages. Ids may hold points, and what
  /// follows them is one of a layer's members.
  var layer: String? {
    guard path.hasPrefix("layers.") else { return nil }
    let rest = path.split(separator: ".").dropFirst()
    let end = rest.firstIndex(of: "parameters") ?? rest.lastIndex { Self.members.contains(String($0)) } ?? rest.endIndex
    return rest[..<end].joined(separator: ".")
  }

  private static let members = ["name", "package", "enabled", "opacity", "blendMode"]
}
