public import Documents

/// The value of one shader parameter. Numbers in an accepted value are finite.
public enum ParameterValue: Sendable {
  case bool(Bool)
  case int(Int64)
  case double(Double)
  /// x and y, in the unit that the shader defines (ISF: 0 to 1 of the picture, or pixels).
  case point2D(Double, Double)
  /// Red, green, blue, alpha, each 0 to 1.
  case color(Double, Double, Double, Double)
  case string(String)
}

/// The types of parameters; the raw value is the word in JSON, SQL and messages.
public enum ParameterType: String, Sendable, CaseIterable {
  case bool, int, double, point2D, color, string
}

extension ParameterValue: Equatable {
  /// Equal if both have the same canonical bytes: texts are compared as UTF-8 without normalization; 0 equals negative
  /// zero.
  public static func == (left: ParameterValue, right: ParameterValue) -> Bool {
    switch (left, right) {
    case (.bool(let left), .bool(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.double(let left), .double(let right)): left == right
    case (.point2D(let x, let y), .point2D(let otherX, let otherY)): x == otherX && y == otherY
    case (.color(let r, let g, let b, let a), .color(let otherR, let otherG, let otherB, let otherA)):
      r == otherR && g == otherG && b == otherB && a == otherA
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    default: false
    }
  }
}

extension ParameterValue {
  public var type: ParameterType {
    switch self {
    case .bool: .bool
    case .int: .int
    case .double: .double
    case .point2D: .point2D
    case .color: .color
    case .string: .string
    }
  }

  /// Whether every number in it is finite.
  public var isFinite: Bool {
    switch self {
    case .bool, .int, .string: true
    case .double(let value): value.isFinite
    case .point2D(let x, let y): x.isFinite && y.isFinite
    case .color(let r, let g, let b, let a): r.isFinite && g.isFinite && b.isFinite && a.isFinite
    }
  }

  /// Plain JSON without the type: true, 3, 0.5, [x,y], [r,g,b,a], "text".
  public var json: JSONValue {
    switch self {
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .double(let value): .double(value)
    case .point2D(let x, let y): .array([.double(x), .double(y)])
    case .color(let r, let g, let b, let a): .array([.double(r), .double(g), .double(b), .double(a)])
    case .string(let value): .string(value)
    }
  }

  /// Reads plain JSON; nil if no parameter type has this form.
  public init?(json: JSONValue) {
    switch json {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .double(let value): self = .double(value)
    case .string(let value): self = .string(value)
    case .array(let elements):
      let numbers = elements.compactMap(\.doubleValue)
      guard numbers.count == elements.count else { return nil }
      self.init(numbers: numbers)
    case .null, .object: return nil
    }
  }

  /// Two numbers are a point, four a colour; nil for any other count.
  public init?(numbers: [Double]) {
    switch numbers.count {
    case 2: self = .point2D(numbers[0], numbers[1])
    case 4: self = .color(numbers[0], numbers[1], numbers[2], numbers[3])
    default: return nil
    }
  }
}

extension CanonicalJSON {
  /// The same bytes as `write(value.json)`, without building the tree.
  public mutating func write(_ value: ParameterValue) {
    switch value {
    case .bool(let value): raw(value ? "true" : "false")
    case .int(let value): write(value)
    case .double(let value): write(value)
    case .string(let value): write(value)
    case .point2D(let x, let y):
      raw("[")
      write(x)
      raw(",")
      write(y)
      raw("]")
    case .color(let r, let g, let b, let a):
      raw("[")
      write(r)
      raw(",")
      write(g)
      raw(",")
      write(b)
      raw(",")
      write(a)
      raw("]")
    }
  }
}
