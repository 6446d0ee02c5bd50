/// One difference between two states, identified by its path in their documents' JSON.
public struct ValueChange: Sendable, Equatable {
  /// The document's kind and name, then the members of objects, joined by dots: `cues.intro.level`.
  public var path: String
  /// Nil if the path did not exist.
  public var before: JSONValue?
  public var after: JSONValue?

  public init(path: String, before: JSONValue?, after: JSONValue?) {
    self.path = path
    self.before = before
    self.after = after
  }

  /// The form that `afterimage diff` prints.
  public var json: JSONValue { ["path": .string(path), "before": before ?? .null, "after": after ?? .null] }

  /// All differences, ordered by path. Arrays and plain values are compared as a whole, and a body that is not JSON as
  /// text.
  public static func changes(from earlier: [Document], to later: [Document]) -> [ValueChange] {
    let before = Dictionary(earlier.map { ($0.key, $0.body) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(later.map { ($0.key, $0.body) }, uniquingKeysWith: { first, _ in first })
    var changes: [ValueChange] = []
    for key in Set(before.keys).union(after.keys) where before[key] != after[key] {
      let path = key.name.isEmpty ? key.kind.rawValue : "\(key.kind.rawValue).\(key.name)"
      compare(before[key].map(Document.value), after[key].map(Document.value), at: path, &changes)
    }
    return changes.sorted { CanonicalJSON.precedes($0.path, $1.path) }
  }

  private static func compare(
    _ before: JSONValue?, _ after: JSONValue?, at path: String, _ changes: inout [ValueChange]
  ) {
    guard case .object(let old) = before, case .object(let new) = after else {
      if before != after { changes.append(ValueChange(path: path, before: before, after: after)) }
      return
    }
    for name in Set(old.map(\.name)).union(new.map(\.name)) {
      compare(before?[name], after?[name], at: "\(path).\(name)", &changes)
    }
  }
}

extension Document {
  /// The form in which `afterimage show` prints a document of a program whose state type it does not know.
  public var json: JSONValue {
    return ["kind": .string(key.kind.rawValue), "name": .string(key.name), "value": Self.value(of: body)]
  }

  /// The body as JSON; a body that is not JSON becomes a string.
  static func value(of body: [UInt8]) -> JSONValue {
    let limits = JSONParser.Limits(bytes: maximumBytes)
    return (try? JSONParser.parse(body, limits: limits)) ?? .string(String(decoding: body, as: UTF8.self))
  }

  /// The document on one line.
  public var line: String { "\(key): \(String(decoding: body, as: UTF8.self))" }
}
