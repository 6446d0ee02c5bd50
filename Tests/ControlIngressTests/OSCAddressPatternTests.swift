import ControlIngress
import Testing

private let matches: [(pattern: String, text: String, doesMatch: Bool)] = [
  ("bars", "bars", true), ("bars", "bar", false), ("bar", "bars", false), ("Bars", "bars", false),
  ("?", "a", true), ("?", "", false), ("??", "a", false), ("b?rs", "bars", true),
  ("*", "", true), ("*", "bars", true), ("b*", "bars", true), ("*s", "bars", true), ("b*s", "bars", true),
  ("b*x", "bars", false), ("*a*r*", "bars", true), ("*r*a*", "bars", false), ("**", "bars", true),
  ("[abc]ars", "bars", true), ("[a-c]ars", "bars", true), ("[c-a]ars", "bars", true), ("[d-z]ars", "bars", false),
  ("[!a-c]ars", "bars", false), ("[!d-z]ars", "bars", true), ("[a-]x", "-x", true), ("[-a]x", "-x", true),
  ("[]x", "x", false), ("[!]x", "bx", true), ("a[!]", "a", false),
  ("{bars,plasma}", "plasma", true), ("{bars,plasma}", "plasm", false), ("{bars,bar}s", "bars", true),
  ("{b,ba}{ars,rs}", "bars", true), ("{,b}ars", "ars", true), ("{}", "", true), ("layer{1,2,3}*", "layer2x", true),
  ("*{1,2}", "layer2", true), ("*[0-9]", "layer2", true), ("*?", "", false),
]

@Test(arguments: matches) func patternsMatchAsTheStandardSays(_ pattern: String, _ text: String, _ doesMatch: Bool)
  throws
{
  let part = try #require(OSCAddressPattern("/" + pattern)?.parts.first)
  #expect(part.matches(text) == doesMatch)
}

@Test(arguments: ["", "a", "/", "//a", "/a/", "/[a", "/{a", "/a]", "/a}", "/{a/b}", "/[a/b]"])
func brokenPatternsAreNoPatterns(_ address: String) {
  #expect(OSCAddressPattern(address) == nil)
}

@Test func aHostilePatternCostsPatternTimesText() throws {
  // Backtracking would need more steps than there are atoms.
  let text = String(repeating: "a", count: 127)
  let stars = try #require(OSCAddressPattern("/" + String(repeating: "*a", count: 120) + "b")?.parts.first)
  #expect(!stars.matches(text))
  let words = try #require(OSCAddressPattern("/" + String(repeating: "{a,aa,aaa}", count: 100) + "b")?.parts.first)
  #expect(!words.matches(text))
}

@Test func textsBeyond127BytesNeverMatch() throws {
  let part = try #require(OSCAddressPattern("/*")?.parts.first)
  #expect(part.matches(String(repeating: "a", count: 127)))
  #expect(!part.matches(String(repeating: "a", count: 128)))
}
