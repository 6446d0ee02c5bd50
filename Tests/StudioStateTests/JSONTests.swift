import Documents
import StudioState
import Testing

private let limits = JSONParser.Limits(bytes: 1000, depth: 8)

private func parse(_ text: String) throws(JSONRejection) -> JSONValue { try JSONParser.parse(text, limits: limits) }

@Test(arguments: [
  ("3", JSONValue.int(3)), ("3.0", .double(3)), ("-0", .int(0)), ("1e2", .double(100)), ("true", .bool(true)),
  ("\"a\\u00e9\\n\\ud83d\\ude00\"", .string("aé\n😀")), ("[1,[2.5]]", .array([.int(1), .array([.double(2.5)])])),
  (" { \"b\" : null } ", .object([.init("b", .null)])), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
])
func aTextIsReadAsItsValue(text: String, value: JSONValue) throws {
  #expect(try parse(text) == value)
}

@Test(arguments: [
  ("", JSONRejection.Code.truncated), ("[1,", .truncated), ("\"abc", .truncated), ("{\"a\":1", .truncated),
  ("{\"a\":1,\"a\":2}", .duplicateKey), ("[[[[[[[[[1]]]]]]]]]", .tooDeep), ("01", .badNumber), ("1.", .badNumber),
  ("1e999", .badNumber), ("-", .badNumber), ("NaN", .unexpected), ("[1 2]", .unexpected), ("{1:2}", .unexpected),
  ("1 2", .trailingBytes), ("\"\u{1}\"", .badString), ("\"\\x\"", .badString), ("\"\\ud83d\"", .badString),
  ("tru", .unexpected), ("[1,]", .unexpected),
])
func aBadTextIsRefusedWithItsReason(text: String, code: JSONRejection.Code) {
  let problem = #expect(throws: JSONRejection.self) { try JSONParser.parse(text, limits: limits) }
  #expect(problem?.code == code)
}

@Test func badUTF8AndOversizeAreRefused() {
  let bad = #expect(throws: JSONRejection.self) { try JSONParser.parse([0x22, 0xFF, 0x22], limits: limits) }
  #expect(bad?.code == .badUTF8)
  let large = #expect(throws: JSONRejection.self) { try parse(String(repeating: " ", count: 1001)) }
  #expect(large?.code == .tooLarge)
}

@Test func noPrefixOfATextCrashesTheParser() {
  let text = Array("{\"a\":[1,2.5e3,\"\\u00e9\\\"\",{\"b\":[true,false,null]}],\"c\":-0.5}".utf8)
  for length in 0..<text.count {
    #expect(throws: JSONRejection.self) { try JSONParser.parse(text[..<length], limits: limits) }
  }
  #expect(throws: Never.self) { try JSONParser.parse(text, limits: limits) }
}

@Test func canonicalTextIsSortedAndTellsIntegersFromFractions() {
  let value: JSONValue = ["b": 1.0, "a": 1, "ab": ["x\n\u{1}", -0.0]]
  #expect(CanonicalJSON.text(value) == "{\"a\":1,\"ab\":[\"x\\n\\u0001\",0.0],\"b\":1.0}")
}

@Test(arguments: [0.1, 1e-300, 1e300, 123_456_789.123, -1.5e10, 1e16, 1.0 / 3])
func everyFractionReadsBackTheSame(number: Double) throws {
  #expect(try parse(CanonicalJSON.text(.double(number))) == .double(number))
}
