/// The reason and position at which a text was refused as JSON.
public struct JSONRejection: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case tooLarge, tooDeep, badUTF8, duplicateKey, badNumber, badString, unexpected, truncated, trailingBytes
  }

  public var code: Code
  /// Offset of the offending byte from the start of the text.
  public var offset: Int
  public var detail: String

  public init(_ code: Code, at offset: Int, _ detail: String) {
    self.code = code
    self.offset = offset
    self.detail = detail
  }

  public var description: String { "not acceptable JSON at byte \(offset): \(detail)" }
}
