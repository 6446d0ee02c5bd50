import Documents

/// The reason why a value can't become part of the state, and its path.
public struct StateRejection: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case wrongType, outOfRange, notFinite, missing, unknownMember, unknownParameter, unknownPackage, badName,
      duplicate, tooMany
  }

  public var code: Code
  /// The path in the state's JSON, such as `layers[2].parameters.mix`.
  public var path: String
  public var detail: String

  public init(_ code: Code, at path: String, _ detail: String) {
    self.code = code
    self.path = path
    self.detail = detail
  }

  public var description: String { path.isEmpty ? detail : "\(path): \(detail)" }
}

// Checks that several readers of JSON share.

func boundedNumber(
  _ value: JSONValue, _ range: ClosedRange<Double>, at path: String
) throws(StateRejection) -> Double {
  guard let number = value.doubleValue else {
    throw StateRejection(.wrongType, at: path, "a number is expected, not \(value.kindName)")
  }
  guard number.isFinite else { throw StateRejection(.notFinite, at: path, "the number must be finite") }
  guard range.contains(number) else {
    throw StateRejection(.outOfRange, at: path, "\(number) is not within \(range.lowerBound) to \(range.upperBound)")
  }
  return number
}

func boundedInteger(_ value: JSONValue, _ range: ClosedRange<Int>, at path: String) throws(StateRejection) -> Int {
  guard let integer = value.intValue else {
    throw StateRejection(.wrongType, at: path, "an integer is expected, not \(value.kindName)")
  }
  guard let result = Int(exactly: integer), range.contains(result) else {
    throw StateRejection(.outOfRange, at: path, "\(integer) is not within \(range.lowerBound) to \(range.upperBound)")
  }
  return result
}

/// A display name: 1 to 200 bytes of text without control characters.
func boundedText(_ value: JSONValue, at path: String) throws(StateRejection) -> String {
  guard let text = value.stringValue else {
    throw StateRejection(.wrongType, at: path, "a text is expected, not \(value.kindName)")
  }
  guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
    throw StateRejection(.outOfRange, at: path, "1 to 200 bytes without control characters are expected")
  }
  return text
}
