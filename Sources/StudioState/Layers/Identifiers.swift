/// The name of a layer, unique within a show. It is used in OSC addresses, URLs and SQL, so it has 1 to 64 bytes of
/// ASCII letters, digits, `.`, `_` and `-`, and starts with a letter or digit.
public struct LayerID: Hashable, Sendable, CustomStringConvertible {
  public let rawValue: String

  /// Nil if `rawValue` violates the rule above.
  public init?(_ rawValue: String) {
    guard isStudioName(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  public var description: String { rawValue }
}

/// The name of a shader package: the same rule as for a ``LayerID``. It comes from the shader's file name, see
/// ``init(shaderName:)``.
public struct PackageID: Hashable, Sendable, CustomStringConvertible {
  public let rawValue: String

  /// - Parameter name: must satisfy the rule.
  init(unchecked name: String) {
    rawValue = name
  }

  /// Nil if `rawValue` violates the rule for a ``LayerID``.
  public init?(_ rawValue: String) {
    guard isStudioName(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  public var description: String { rawValue }
}

/// The rule for names in addresses, URLs and file names, for error messages.
public let studioNameRule = "1 to 64 letters, digits, '.', '_' or '-', starting with a letter or digit"

/// Whether `text` satisfies ``studioNameRule``.
public func isStudioName(_ text: String) -> Bool {
  let bytes = text.utf8
  guard let first = bytes.first, bytes.count <= 64, isLetterOrDigit(first) else { return false }
  return bytes.allSatisfy(isStudioNameByte)
}

/// Whether a name may contain `byte` after its first byte.
func isStudioNameByte(_ byte: UInt8) -> Bool {
  isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}

func isLetterOrDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}
