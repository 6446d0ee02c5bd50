import Documents

/// One element of an ISF header's INPUTS.
struct ISFInput {
  /// Nil for inputs without a stored value: events, images, audio.
  private(set) var parameter: ParameterDefinition?
  /// Corrections made while reading.
  private(set) var notes: [String] = []

  private let json: JSONValue
  private let name: String
  /// For messages, such as `INPUTS[2] (mix)`.
  private let place: String

  init(_ json: JSONValue, at path: String) throws(ISFRejection) {
    guard json.objectValue != nil else { throw ISFRejection("\(path) is \(json.kindName), not an object") }
    guard let name = json["NAME"]?.stringValue else { throw ISFRejection("\(path): NAME is missing") }
    guard isStudioName(name) else {
      throw ISFRejection("\(path): the NAME \"\(name)\" breaks the rule: \(studioNameRule)")
    }
    guard let word = json["TYPE"]?.stringValue else { throw ISFRejection("\(path) (\(name)): TYPE is missing") }
    self.json = json
    self.name = name
    place = "\(path) (\(name))"
    switch word {
    case "event", "image", "audio", "audioFFT": parameter = nil
    case "bool": try readWithoutBounds(.bool, .bool(false))
    case "long": try readInteger()
    case "float": try read(.double, .double(0))
    case "point2D": try read(.point2D, .point2D(0, 0))
    case "color": try read(.color, .color(0, 0, 0, 1), bounds: (0, 1))
    case "text": try readWithoutBounds(.string, .string(""))
    default: throw ISFRejection("\(place): the TYPE \"\(word)\" is unknown")
    }
  }

  private mutating func read(
    _ type: ParameterType, _ fallback: ParameterValue, bounds: (low: Double, high: Double)? = nil
  ) throws(ISFRejection) {
    let (minimum, maximum) = try writtenBounds(type)
    try setParameter(type, fallback, minimum ?? bounds.map { [$0.low] }, maximum ?? bounds.map { [$0.high] })
  }

  private mutating func readWithoutBounds(_ type: ParameterType, _ fallback: ParameterValue) throws(ISFRejection) {
    for key in ["MIN", "MAX"] where json[key] != nil {
      notes.append("\(place): \(key) means nothing for a \(type.rawValue) and is ignored")
    }
    try setParameter(type, fallback, nil, nil)
  }

  private mutating func readInteger() throws(ISFRejection) {
    let labels = json["LABELS"]?.arrayValue?.map { $0.stringValue ?? "" } ?? []
    var choices: [ParameterDefinition.Choice] = []
    for (index, value) in (json["VALUES"]?.arrayValue ?? []).enumerated() {
      guard let integer = value.intValue else { throw ISFRejection("\(place): VALUES[\(index)] is not an integer") }
      choices.append(.init(value: integer, label: index < labels.count ? labels[index] : "\(integer)"))
    }
    let (minimum, maximum) = try writtenBounds(.int)
    try setParameter(.int, .int(choices.first?.value ?? 0), minimum, maximum, choices)
  }

  /// - Parameter fallback: the default if the header has none; it is clamped to the bounds without a note.
  private mutating func setParameter(
    _ type: ParameterType, _ fallback: ParameterValue, _ minimum: [Double]?, _ maximum: [Double]?,
    _ choices: [ParameterDefinition.Choice] = []
  ) throws(ISFRejection) {
    func made(_ value: ParameterValue) -> ParameterDefinition {
      ParameterDefinition(
        name: name, type: type, defaultValue: value, minimum: minimum, maximum: maximum,
        label: json["LABEL"]?.stringValue, choices: choices)
    }
    let any = made(fallback)
    let written = try writtenDefault(type)
    do {
      // Fails if no value is within the bounds, or if the default has another type.
      let value = try any.validated(any.inUse(for: written ?? fallback))
      if let written, any.converted(written) == nil { _ = try any.validated(written) }
      if let written, (try? any.validated(written)) == nil {
        notes.append(
          "\(place): DEFAULT \(CanonicalJSON.text(written.json)) is out of range; \(CanonicalJSON.text(value.json)) is used"
        )
      }
      parameter = made(value)
    } catch {
      throw ISFRejection("\(place): \(written == nil ? "no DEFAULT, and " : "DEFAULT: ")\(error.detail)")
    }
  }

  private func writtenDefault(_ type: ParameterType) throws(ISFRejection) -> ParameterValue? {
    guard let written = json["DEFAULT"] else { return nil }
    guard let value = ParameterValue(json: written) else {
      throw ISFRejection("\(place): DEFAULT is \(written.kindName), not a \(type.rawValue)")
    }
    return value
  }

  /// MIN and MAX, swapped if MIN is greater.
  private mutating func writtenBounds(
    _ type: ParameterType
  ) throws(ISFRejection) -> (minimum: [Double]?, maximum: [Double]?) {
    let (minimum, maximum) = (try bound("MIN", type), try bound("MAX", type))
    guard let minimum, let maximum, minimum.count == maximum.count, zip(minimum, maximum).contains(where: >) else {
      return (minimum, maximum)
    }
    notes.append("\(place): MIN is greater than MAX; they are exchanged")
    return (zip(minimum, maximum).map(min), zip(minimum, maximum).map(max))
  }

  private func bound(_ key: String, _ type: ParameterType) throws(ISFRejection) -> [Double]? {
    guard let written = json[key] else { return nil }
    let elements = written.arrayValue ?? [written]
    let numbers = elements.compactMap(\.doubleValue)
    let components = type == .point2D ? 2 : type == .color ? 4 : 1
    guard numbers.count == elements.count, numbers.count == 1 || numbers.count == components else {
      throw ISFRejection("\(place): \(key) is no bound for a \(type.rawValue)")
    }
    return numbers
  }
}
