import StudioState

extension OSCArgument {
  /// The numbers of this argument; nil when it is no number and no array of numbers.
  fileprivate var numbers: [Double]? {
    switch self {
    case .int32(let value): [Double(value)]
    case .int64(let value): [Double(value)]
    case .float(let value): [Self.decimal(value)]
    case .double(let value): [value]
    case .array(let elements): elements.allSatisfy(\.isNumber) ? elements.compactMap { $0.numbers?.first } : nil
    case .string, .blob, .bool, .null, .impulse: nil
    }
  }

  private var isNumber: Bool {
    switch self {
    case .int32, .int64, .float, .double: true
    default: false
    }
  }

  /// The Double nearest to what the sender meant: 0.1 as a Float is 0.100000001490116, which would fail a maximum of
  /// 0.1 and stand in the stored state for ever. The shortest decimal of the Float is the number that somebody typed.
  fileprivate static func decimal(_ value: Float) -> Double {
    Double(value.description) ?? Double(value)
  }
}

extension ParameterValue {
  /// The value that a message's arguments write: one of any type, two numbers as a point, four as a colour, the numbers
  /// loose or in one array. Nil for anything else. The parameter's definition has the last word (`1` is true for a
  /// bool).
  init?(osc arguments: [OSCArgument]) {
    if arguments.count == 1 {
      switch arguments[0] {
      case .int32(let value): self = .int(Int64(value))
      case .int64(let value): self = .int(value)
      case .float(let value): self = .double(OSCArgument.decimal(value))
      case .double(let value): self = .double(value)
      case .string(let value): self = .string(value)
      case .bool(let value): self = .bool(value)
      case .array(let elements):
        // Arrays within the array are no value.
        guard let numbers = OSCArgument.array(elements).numbers else { return nil }
        self.init(numbers: numbers)
      case .blob, .null, .impulse: return nil
      }
    } else {
      let numbers = arguments.compactMap { argument -> Double? in
        if case .array = argument { nil } else { argument.numbers?.first }
      }
      guard numbers.count == arguments.count else { return nil }
      self.init(numbers: numbers)
    }
  }

  /// The value of an opacity: exactly one number.
  init?(oscNumber arguments: [OSCArgument]) {
    guard arguments.count == 1, let number = arguments[0].numbers, number.count == 1 else { return nil }
    self = .double(number[0])
  }

  /// The value of a switch: `T`, `F`, or one number that is 0 or 1.
  init?(oscSwitch arguments: [OSCArgument]) {
    guard arguments.count == 1 else { return nil }
    if case .bool(let value) = arguments[0] {
      self = .bool(value)
    } else if let numbers = arguments[0].numbers, numbers == [0] || numbers == [1] {
      self = .bool(numbers == [1])
    } else {
      return nil
    }
  }
}
