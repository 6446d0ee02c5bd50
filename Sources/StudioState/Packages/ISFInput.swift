/// One element of an ISF header's INPUTS.
struct ISFInput {
  /// Nil for inputs that carry no value to keep: events, images, audio.
  let parameter: ParameterDefinition?

  init(_ json: JSONValue, at path: String) throws(ISFProblem) {
    guard json.objectValue != nil else { throw ISFProblem("\(path) is \(json.kindName), not an object") }
    guard let name = json["NAME"]?.stringValue else { throw ISFProblem("\(path): NAME is missing") }
    guard isStudioName(name) else {
      throw ISFProblem("\(path): the NAME \"\(name)\" breaks the rule: \(studioNameRule)")
    }
    guard let word = json["TYPE"]?.stringValue else { throw ISFProblem("\(path) (\(name)): TYPE is missing") }
    switch word {
    case "event", "image", "audio", "audioFFT": parameter = nil
    case "bool": parameter = try Self.plain(json, name, .bool, .bool(false), at: path)
    case "long": parameter = try Self.long(json, name, at: path)
    case "float": parameter = try Self.plain(json, name, .double, .double(0), at: path)
    case "point2D": parameter = try Self.plain(json, name, .point2D, .point2D(0, 0), at: path)
    case "color": parameter = try Self.plain(json, name, .color, .color(0, 0, 0, 1), bounds: (0, 1), at: path)
    case "text": parameter = try Self.plain(json, name, .string, .string(""), at: path)
    default: throw ISFProblem("\(path) (\(name)): the TYPE \"\(word)\" is unknown")
    }
  }

  private static func plain(
    _ json: JSONValue, _ name: String, _ type: ParameterType, _ fallback: ParameterValue,
    bounds: (low: Double, high: Double)? = nil, at path: String
  ) throws(ISFProblem) -> ParameterDefinition {
    let minimum = try bound("MIN", of: json, type, name, at: path) ?? bounds.map { [$0.low] }
    let maximum = try bound("MAX", of: json, type, name, at: path) ?? bounds.map { [$0.high] }
    return try definition(json, name, type, fallback, minimum, maximum, choices: [], at: path)
  }

  private static func long(
    _ json: JSONValue, _ name: String, at path: String
  ) throws(ISFProblem) -> ParameterDefinition {
    let labels = json["LABELS"]?.arrayValue?.map { $0.stringValue ?? "" } ?? []
    var choices: [ParameterDefinition.Choice] = []
    for (index, value) in (json["VALUES"]?.arrayValue ?? []).enumerated() {
      guard let integer = value.intValue else { throw ISFProblem("\(path) (\(name)): VALUES[\(index)] is no integer") }
      choices.append(.init(value: integer, label: index < labels.count ? labels[index] : "\(integer)"))
    }
    let minimum = try bound("MIN", of: json, .int, name, at: path)
    let maximum = try bound("MAX", of: json, .int, name, at: path)
    let fallback = ParameterValue.int(choices.first?.value ?? 0)
    return try definition(json, name, .int, fallback, minimum, maximum, choices: choices, at: path)
  }

  private static func definition(
    _ json: JSONValue, _ name: String, _ type: ParameterType, _ fallback: ParameterValue, _ minimum: [Double]?,
    _ maximum: [Double]?, choices: [ParameterDefinition.Choice], at path: String
  ) throws(ISFProblem) -> ParameterDefinition {
    func made(_ value: ParameterValue) -> ParameterDefinition {
      ParameterDefinition(
        name: name, type: type, defaultValue: value, minimum: minimum, maximum: maximum,
        label: json["LABEL"]?.stringValue, choices: choices)
    }
    let value: ParameterValue
    if let written = json["DEFAULT"] {
      guard let read = ParameterValue(json: written) else {
        throw ISFProblem("\(path) (\(name)): DEFAULT is \(written.kindName), not a \(type.rawValue)")
      }
      value = read
    } else {
      value = clamped(fallback, minimum, maximum)
    }
    do {
      return made(try made(fallback).validated(value))
    } catch {
      // Without a DEFAULT it is the bounds that leave no room, or none of the VALUES lies within them.
      throw ISFProblem("\(path) (\(name)): \(json["DEFAULT"] == nil ? "no DEFAULT, and " : "DEFAULT: ")\(error.detail)")
    }
  }

  private static func bound(
    _ key: String, of json: JSONValue, _ type: ParameterType, _ name: String, at path: String
  ) throws(ISFProblem) -> [Double]? {
    guard let written = json[key] else { return nil }
    let elements = written.arrayValue ?? [written]
    let numbers = elements.compactMap(\.doubleValue)
    let components = type == .point2D ? 2 : type == .color ? 4 : 1
    guard numbers.count == elements.count, numbers.count == 1 || numbers.count == components else {
      throw ISFProblem("\(path) (\(name)): \(key) is no bound for a \(type.rawValue)")
    }
    return numbers
  }

  /// A default that nobody wrote is moved into the bounds that somebody did write.
  private static func clamped(_ value: ParameterValue, _ minimum: [Double]?, _ maximum: [Double]?) -> ParameterValue {
    func clamp(_ number: Double, _ index: Int) -> Double {
      func component(_ bound: [Double]?) -> Double? { bound.map { index < $0.count ? $0[index] : $0[0] } }
      return min(max(number, component(minimum) ?? -.infinity), component(maximum) ?? .infinity)
    }
    return switch value {
    case .bool, .string: value
    case .int(let number): .int(Int64(exactly: clamp(Double(number), 0).rounded()) ?? number)
    case .double(let number): .double(clamp(number, 0))
    case .point2D(let x, let y): .point2D(clamp(x, 0), clamp(y, 1))
    case .color(let r, let g, let b, let a): .color(clamp(r, 0), clamp(g, 1), clamp(b, 2), clamp(a, 3))
    }
  }
}
