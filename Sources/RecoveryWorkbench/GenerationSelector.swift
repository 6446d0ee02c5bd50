public import GenerationStore

/// How people name a generation: by number, by place or by the label of its pin.
public enum GenerationReference: Sendable, Equatable {
  case number(Int64)
  case current
  /// The one before the newest of those that are kept.
  case previous
  /// The newest that the host ran healthily on.
  case proven
  case label(String)
}

/// A generation as it was named; which one that is depends on the list at that moment.
public struct GenerationSelector: Sendable, Equatable, CustomStringConvertible {
  public let reference: GenerationReference
  public let description: String

  init(_ reference: GenerationReference, _ description: String) {
    self.reference = reference
    self.description = description
  }

  /// Nil when the text can name no generation at all: empty, or neither number, word nor a possible label.
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

  /// The generation's number; nil when none of `generations` is meant. Their order does not matter.
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
