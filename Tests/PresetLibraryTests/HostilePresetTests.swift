import StudioState
import Testing

@testable import PresetLibrary

struct HostileFile: Sendable, CustomTestStringConvertible {
  var what: String
  var content: String
  /// What the message must say.
  var says: String
  var testDescription: String { what }

  init(_ what: String, _ content: String, says: String) {
    self.what = what
    self.content = content
    self.says = says
  }

  static func layer(_ members: String) -> String {
    #"{"format":1,"layers":[{"id":"a","package":"plasma"\#(members)}]}"#
  }
}

@Test(arguments: [
  HostileFile("empty", "", says: "byte 0"),
  HostileFile("zeros after a power cut", String(repeating: "\0", count: 10_747), says: "byte 0"),
  HostileFile("cut short", #"{"layers":[{"id":"a","#, says: "ends too early"),
  HostileFile("two values", #"{"layers":[]}{"layers":[]}"#, says: "byte 13"),
  HostileFile("too deep", String(repeating: "[", count: 100_000), says: "deeper than 32"),
  HostileFile("a key twice", #"{"layers":[],"layers":[]}"#, says: #"the key "layers" stands here twice"#),
  HostileFile("no object", "[1,2]", says: "an object with layers is expected, not an array"),
  HostileFile("no layers", #"{"format":1}"#, says: "layers: an array of layers is expected"),
  HostileFile("layers of a wrong type", #"{"layers":"all"}"#, says: "layers: an array"),
  HostileFile("a layer of a wrong type", #"{"layers":[7]}"#, says: "layers[0]"),
  HostileFile("a newer format", #"{"format":2,"layers":[]}"#, says: "format: 2 is unknown"),
  HostileFile("a number beyond Double", HostileFile.layer(#","opacity":1e999"#), says: "byte "),
  HostileFile("NaN", HostileFile.layer(#","opacity":NaN"#), says: "byte "),
  HostileFile("out of range", HostileFile.layer(#","opacity":7"#), says: "layers[0].opacity"),
  HostileFile(
    "a wrong type of a parameter", HostileFile.layer(#","parameters":{"mix":"x"}"#), says: "layers[0].parameters.mix"),
  HostileFile(
    "an unknown parameter", HostileFile.layer(#","parameters":{"nix":1}"#), says: "layers[0].parameters.nix"),
  HostileFile("an unknown package", #"{"layers":[{"id":"a","package":"gone"}]}"#, says: "layers[0].package"),
  HostileFile("a bad id", #"{"layers":[{"id":"../a","package":"plasma"}]}"#, says: "layers[0].id"),
  HostileFile(
    "an id twice", #"{"layers":[{"id":"a","package":"plasma"},{"id":"a","package":"plasma"}]}"#, says: "layers[1].id"),
  HostileFile("too many layers", #"{"layers":[\#(String(repeating: "0,", count: 5000))0]}"#, says: "at most 4096"),
])
func hostileContentGetsAClearErrorAndChangesNothing(file: HostileFile) throws {
  try withPresets { presets in
    try presets.write(file.content, to: "evil.json")
    let problem = #expect(throws: PresetFailure.self) { try presets.load("evil") }
    #expect(problem?.code == .badContent)
    #expect(problem?.message.contains("\"evil\"") == true)
    #expect(problem?.message.contains(file.says) == true, "\(String(describing: problem))")
    #expect(problem?.remedy.isEmpty == false)
    #expect(try presets.content(of: "evil.json") == Array(file.content.utf8))
  }
}

@Test func aPresetOfAPackageWithAWiderRangeKeepsItsValues() throws {
  try withPresets { presets in
    try presets.write(HostileFile.layer(#","parameters":{"mix":2.0}"#), to: "wide.json")
    let state = try presets.load("wide")
    #expect(state.layers.first?.parameters["mix"] == .double(2))
    #expect(state.layers.first.map(state.withinRanges)?.parameters["mix"] == .double(1))
  }
}

@Test func badUTF8IsRefusedWithItsPlace() throws {
  try withPresets { presets in
    let bytes = Array(#"{"layers":[],"note":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
    try presets.writeBytes(bytes, to: "evil.json")
    let problem = #expect(throws: PresetFailure.self) { try presets.load("evil") }
    #expect(problem?.code == .badContent)
    #expect(problem?.message.contains("byte 21: the string is not valid UTF-8") == true)
  }
}

@Test func aFileBeyondTheBoundIsNotReadAtAll() throws {
  try withPresets { presets in
    let spaces = [UInt8](repeating: 0x20, count: PresetLibrary.maximumBytes - 12)
    try presets.writeBytes(Array(#"{"layers":[]"#.utf8) + spaces.dropLast() + Array("}".utf8), to: "fits.json")
    #expect(try presets.load("fits").layers.isEmpty)
    try presets.writeBytes(Array(#"{"layers":[]"#.utf8) + spaces + Array("}".utf8), to: "evil.json")
    let problem = #expect(throws: PresetFailure.self) { try presets.load("evil") }
    #expect(problem?.code == .tooLarge)
    #expect(problem?.message.contains("\"evil\"") == true)
  }
}
