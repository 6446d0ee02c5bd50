import Documents
import StudioState
import Testing

// Headers as people write them.

private func read(_ header: String, name: String? = nil) throws -> PackageDefinition {
  try ISFHeader.package(id: PackageID(shaderName: "sample"), name: name, file: Array("/*\(header)*/".utf8))
}

private let slips: [(input: String, value: ParameterValue, note: String?)] = [
  (#""float","MAX":1,"DEFAULT":2"#, .double(1), "DEFAULT 2 is out of range; 1.0 is used"),
  (#""float","MIN":0.001,"MAX":0.05,"DEFAULT":1"#, .double(0.05), "0.05 is used"),
  (#""float","MIN":1,"MAX":0.05,"DEFAULT":0.001"#, .double(0.05), "MIN is greater than MAX; they are exchanged"),
  (#""point2D","MIN":[0,1],"MAX":[1,0]"#, .point2D(0, 0), "they are exchanged"),
  (#""float","MIN":0,"MAX":1,"DEFAULT":0.5"#, .double(0.5), nil),
  (#""long","MIN":0.5,"MAX":3.5,"DEFAULT":9"#, .int(3), "3 is used"),
  (#""long","VALUES":[0,4,8],"DEFAULT":5"#, .int(4), "4 is used"),
  (#""long","VALUES":[0,4,8],"MIN":1,"DEFAULT":-9223372036854775808"#, .int(4), "4 is used"),
  (#""long","VALUES":[0,4,8],"DEFAULT":8"#, .int(8), nil),
  (#""point2D","MIN":[0,0],"MAX":[1,1],"DEFAULT":[2,0.5]"#, .point2D(1, 0.5), "[1.0,0.5] is used"),
  (#""color","DEFAULT":[1.5,0,0,1]"#, .color(1, 0, 0, 1), "is used"),
  (#""bool","MIN":false,"MAX":true,"DEFAULT":true"#, .bool(true), "MIN means nothing for a bool"),
  (#""bool","MIN":0,"MAX":"x""#, .bool(false), "MAX means nothing for a bool"),
  (#""text","MAX":80,"DEFAULT":"a""#, .string("a"), "MAX means nothing for a string"),
  (#""float","DEFAULT":0.1,"DEFAULT":0.2"#, .double(0.2), "the key \"DEFAULT\" is given twice; the last one counts"),
]

@Test(arguments: slips)
func aSlipInAHeaderIsReadAndNoted(input: String, value: ParameterValue, note: String?) throws {
  let package = try read(#"{"INPUTS":[{"NAME":"x","TYPE":\#(input)}]}"#)
  #expect(package["x"]?.defaultValue == value)
  let notes = package.notes.joined(separator: "\n")
  #expect(note.map(notes.contains) ?? notes.isEmpty, "\(notes)")
  #expect((package.json["notes"] != nil) == (note != nil))
  // What was read can be read again as it is stored.
  let stored = PackageCatalog(storedJSON: PackageCatalog([package]).storedJSON)
  #expect(stored.packages.first?.parameters == package.parameters)
}

@Test func theLastOfTwoKeysCountsAtEveryDepth() throws {
  let package = try read(#"{"VSN":"1","INPUTS":3,"a":{"b":1,"b":2},"VSN":"2","INPUTS":[],"VSN":"3"}"#)
  #expect(package.version == "3")
  #expect(package.notes.count == 4)
  #expect(package.header == ["VSN": "3", "INPUTS": [], "a": ["b": 2]])
  let many = String(repeating: #""k":0,"#, count: 20_000)
  #expect(try read("{\(many)\"VSN\":\"2\"}").notes.count == 64, "notes are bounded")
}

@Test func aFileIsThePackagesTitleWhenItsHeaderHasNone() throws {
  #expect(try read("{}", name: "Light Leak (2)").title == "Light Leak (2)")
  #expect(try read("{\"TITLE\":\"Leak\"}", name: "Light Leak (2)").title == "Leak")
  #expect(try read("{}").title == "sample")
}

private let odd = [
  "Light Leak (2)", "Überblendung", "日本語", "-", "...", "", " ", "a/b", "..", "line\nbreak", "%41", "a?b#c", "*", "[a]",
  "_hidden", "x\u{0}y", "🎛️", String(repeating: "long ", count: 50), String(repeating: "n", count: 65), "Light-Leak-(2)",
]

@Test(arguments: odd) func anyNameGetsAnIDThatKeepsTheRule(name: String) {
  let id = PackageID(shaderName: name)
  #expect(PackageID(id.rawValue) == id)
  #expect(id == PackageID(shaderName: name))
}

@Test func namesThatDifferGetIDsThatDiffer() {
  let spellings = [
    "Light Leak", "Light  Leak", "Light_ Leak", "Light-Leak", "Light Leak ", "light leak", "Light\tLeak",
  ]
  #expect(Set((odd + spellings).map { PackageID(shaderName: $0) }).count == odd.count + spellings.count)
}

@Test(arguments: ["colour-bars", "3d", "a.b", "v1.0_final", "X", String(repeating: "n", count: 64)])
func aNameThatKeepsTheRuleIsTheID(name: String) {
  #expect(PackageID(shaderName: name).rawValue == name)
}

/// Shows refer to packages by these ids: they must never change.
@Test(arguments: [("Light Leak (2)", "Light-Leak-2"), ("日本語", "shader"), ("3d Rotate", "3d-Rotate")])
func derivedIDsAreReadable(name: String, slug: String) {
  let id = PackageID(shaderName: name).rawValue
  #expect(id.hasPrefix("\(slug)-"))
  #expect(id.utf8.count == slug.utf8.count + 7)
}
