public import Documents

/// The declaration of one parameter in a shader package.
public struct ParameterDefinition: Sendable, Equatable {
  public let name: String
  public let type: ParameterType
  /// Always of `type` and within the bounds.
  public let defaultValue: ParameterValue
  /// For int and double one number; for point2D and color one per component, or one for all.
  public let minimum: [Double]?
  public let maximum: [Double]?
  /// The display name.
  public let label: String?
  /// For int: the only allowed values, with their names; empty if every value within the bounds is allowed.
  public let choices: [Choice]

  public struct Choice: Sendable, Equatable {
    public let value: Int64
    public let label: String

    public init(value: Int64, label: String) {
      self.value = value
      self.label = label
    }
  }

  public init(
    name: String, type: ParameterType, defaultValue: ParameterValue, minimum: [Double]? = nil,
    maximum: [Double]? = nil, label: String? = nil, choices: [Choice] = []
  ) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.minimum = minimum
    self.maximum = maximum
    self.label = label
    self.choices = choices
  }

  /// `input` as a value of this parameter's type. Integers are accepted as fractions, whole fractions as integers, and
  /// 0 and 1 as booleans, because OSC senders and JSON writers mix them; nothing else is converted. Texts have at most
  /// 4,096 bytes.
  ///
  /// - Throws: `wrongType`, `notFinite` or `outOfRange`, with the parameter's name as the path.
  public func validated(_ input: ParameterValue) throws(StateRejection) -> ParameterValue {
    guard input.isFinite else { throw StateRejection(.notFinite, at: name, "NaN and infinity are refused") }
    guard let value = converted(input) else {
      throw StateRejection(.wrongType, at: name, "\(type.rawValue) is expected, not \(input.type.rawValue)")
    }
    switch value {
    case .bool: break
    case .int(let number):
      try check([Double(number)])
      guard choices.isEmpty || choices.contains(where: { $0.value == number }) else {
        let allowed = choices.map { "\($0.value)" }.joined(separator: ", ")
        throw StateRejection(.outOfRange, at: name, "\(number) is none of the values \(allowed)")
      }
    case .double(let number): try check([number])
    case .point2D(let x, let y): try check([x, y])
    case .color(let r, let g, let b, let a): try check([r, g, b, a])
    case .string(let text):
      guard text.utf8.count <= 4096 else {
        throw StateRejection(.outOfRange, at: name, "\(text.utf8.count) bytes of text, at most 4096 are kept")
      }
    }
    return value
  }

  func converted(_ input: ParameterValue) -> ParameterValue? {
    if input.type == type { return input }
    switch (type, input) {
    case (.double, .int(let value)): return .double(Double(value))
    case (.int, .double(let value)): return Int64(exactly: value).map { .int($0) }
    case (.bool, .int(0)), (.bool, .double(0)): return .bool(false)
    case (.bool, .int(1)), (.bool, .double(1)): return .bool(true)
    default: return nil
    }
  }

  private func check(_ numbers: [Double]) throws(StateRejection) {
    for (index, number) in numbers.enumerated() {
      if let bound = minimum?.component(index), number < bound {
        throw StateRejection(.outOfRange, at: name, "\(number) is below the minimum \(bound)")
      }
      if let bound = maximum?.component(index), number > bound {
        throw StateRejection(.outOfRange, at: name, "\(number) is above the maximum \(bound)")
      }
    }
  }
}

extension [Double] {
  /// The bound of one component. A single number bounds all components.
  func component(_ index: Int) -> Double? {
    index < count ? self[index] : first
  }
}

extension ParameterDefinition {
  /// The form in `GET /packages`; members without content are omitted.
  public var json: JSONValue {
    var members = [
      JSONValue.Member("name", .string(name)), JSONValue.Member("type", .string(type.rawValue)),
      JSONValue.Member("default", defaultValue.json),
    ]
    if let minimum { members.append(JSONValue.Member("min", Self.bound(minimum, type))) }
    if let maximum { members.append(JSONValue.Member("max", Self.bound(maximum, type))) }
    if let label { members.append(JSONValue.Member("label", .string(label))) }
    if !choices.isEmpty {
      let values = choices.map {
        JSONValue.object([.init("value", .int($0.value)), .init("label", .string($0.label))])
      }
      members.append(JSONValue.Member("choices", .array(values)))
    }
    return .object(members)
  }

  private static func bound(_ numbers: [Double], _ type: ParameterType) -> JSONValue {
    if numbers.count > 1 { return .array(numbers.map { .double($0) }) }
    if type == .int, let integer = Int64(exactly: numbers[0]) { return .int(integer) }
    return .double(numbers[0])
  }
}
