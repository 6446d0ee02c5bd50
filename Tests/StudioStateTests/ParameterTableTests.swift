import Documents
import StudioState
import Testing

private let table = ParameterTable([
  ("title", .string("first")), ("mix", .double(0.5)), ("centre", .point2D(1, 2)), ("note", .string("second")),
  ("on", .bool(true)), ("steps", .int(3)), ("tint", .color(0.1, 0.2, 0.3, 1)),
])

@Test func everyValueComesBackAsItWas() {
  #expect(table.names == ["centre", "mix", "note", "on", "steps", "tint", "title"])
  #expect(
    Array(table.values) == [
      .point2D(1, 2), .double(0.5), .string("second"), .bool(true), .int(3), .color(0.1, 0.2, 0.3, 1), .string("first"),
    ])
  #expect(table["title"] == .string("first"))
  #expect(table["absent"] == nil)
}

@Test func aReplacedTextLeavesTheOtherTextsAndTheEarlierTableAlone() {
  var changed = table
  let wasReplaced = changed.replace("note", with: .string("new"))
  #expect(wasReplaced)
  #expect(changed["note"] == .string("new"))
  #expect(changed["title"] == .string("first"))
  #expect(table["note"] == .string("second"))
  #expect(changed != table)
}

@Test func aValueMayTurnIntoATextAndBack() {
  var changed = ParameterTable([("a", .int(1)), ("b", .double(2))])
  let original = changed
  var wasReplaced = changed.replace("b", with: .string("words"))
  #expect(wasReplaced)
  #expect(changed["b"] == .string("words"))
  #expect(changed["a"] == .int(1))
  wasReplaced = changed.replace("b", with: .double(2))
  #expect(wasReplaced)
  #expect(changed == original)
}

@Test func ofTwoPairsWithOneNameTheLaterCounts() {
  let table = ParameterTable([("a", .string("old")), ("b", .int(1)), ("a", .double(2)), ("b", .string("new"))])
  #expect(table.names == ["a", "b"])
  #expect(Array(table.values) == [.double(2), .string("new")])
}

@Test(arguments: [("a", "b"), ("a", "aa"), ("", "a"), ("z", "é"), ("Z", "a"), ("e\u{301}", "é"), ("same", "same")])
func namesAreOrderedByTheirBytes(left: String, right: String) {
  #expect(CanonicalJSON.precedes(left, right) == left.utf8.lexicographicallyPrecedes(right.utf8))
  #expect(CanonicalJSON.precedes(right, left) == right.utf8.lexicographicallyPrecedes(left.utf8))
}
