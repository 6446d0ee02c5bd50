public import GenerationStore

/// A user's reference to a generation: by number, by position or by the label of its pin.
public enum GenerationReference: Sendable, Equatable {
  case number(Int64)
  case current
  /// The retained generation before the newest.
  case previous
  /// The newest proven generation.
  case proven
  case label(String)
}

/// A reference; the generation that it selects depends on the current list.
public struct GenerationSelector: Sendable, Equatable, CustomStringConvertible {
  public let reference: GenerationReference
  public let description: String

  init(_ reference: GenerationReference, _ description: String) {
    self.reference = reference
    self.description = description
  }

  /// Nil if the text can't refer to a generation: empty, or neither a number, a keyword nor a possible label.
  public init?(_ text: String) {
    description = text
    switch text {
    case "current": reference = .current
    case "previous": reference = .previous
    case "proven": reference = .proven
    default:
      // Labels are never numbers, so digits alone are one; of those that are too large there is no generation.
      if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
        reference = .number(Int64(text) ?? .max)
      } else {
        guard PinLabel.problem(with: text) == nil else { return nil }
        reference = .label(text)
      }
    }
  }

  /// The generation's number; nil if it selects none of `generations`, which may be in any order.
  public func resolve(in generations: [GenerationSummary]) -> Int64? {
    switch reference {
    case .number(let number): generations.contains { $0.generation == number } ? number : nil
    case .current: generations.map(\.generation).max()
    case .previous: generations.map(\.generation).sorted().dropLast().last
    case .proven: generations.filter(\.isProven).map(\.generation).max()
    case .label(let label): generations.first { $0.pin == label }?.generation
    }
  }
}
