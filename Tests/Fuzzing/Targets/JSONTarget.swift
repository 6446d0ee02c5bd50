import Documents
import StudioState

/// Any bytes are a value within the limits, or a problem at a place of the text. A value is written as one text, which
/// reads back as the same value.
func jsonIsReadStrictlyAndWrittenCanonically(_ bytes: UnsafeBufferPointer<UInt8>) {
  let limits = JSONParser.Limits(bytes: 2048, depth: 12)
  let value: JSONValue
  do {
    // The bytes themselves and no copy: the sanitizer knows their end.
    value = try JSONParser.parse(bytes, limits: limits)
  } catch {
    mustHold((0...bytes.count).contains(error.offset), "a problem lies within the text: \(error)")
    return
  }
  mustHold(bytes.count <= limits.bytes, "a text beyond the limit is refused")
  mustHold(value.depth <= limits.depth, "nesting beyond the limit is refused")
  mustHold(value.isFiniteAndUnambiguous, "numbers are finite, keys stand once")
  let text = CanonicalJSON.encode(value)
  mustHold(text.allSatisfy { $0 >= 0x20 }, "canonical text is one line")
  let again = mustSucceed("canonical text is readable") {
    try JSONParser.parse(text, limits: JSONParser.Limits(bytes: .max, depth: limits.depth))
  }
  mustHold(CanonicalJSON.encode(again) == text, "canonical text is written again as the same bytes")
}

extension JSONValue {
  var depth: Int {
    switch self {
    case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
    case .object(let members): 1 + (members.map(\.value.depth).max() ?? 0)
    default: 0
    }
  }

  var isFiniteAndUnambiguous: Bool {
    switch self {
    case .double(let number): number.isFinite
    case .array(let elements): elements.allSatisfy(\.isFiniteAndUnambiguous)
    case .object(let members):
      Set(members.map(\.name)).count == members.count && members.allSatisfy(\.value.isFiniteAndUnambiguous)
    default: true
    }
  }
}
