import DurableFiles
import Glibc
import StudioState
import Testing

@testable import PresetLibrary

@Test func aSavedPresetLoadsAsTheSameLayers() throws {
  try withPresets { presets in
    try presets.library.save("opening-1.2", presets.state(mix: 0.25))
    #expect(try presets.load("opening-1.2") == presets.state(mix: 0.25))
  }
}

@Test func savedContentIsCanonicalAndReadableByPeople() throws {
  try withPresets { presets in
    try presets.library.save("a", presets.state(mix: 1))
    let text = String(decoding: try presets.content(of: "a.json") ?? [], as: UTF8.self)
    #expect(
      text == #"{"format":1,"layers":[{"blendMode":"normal","enabled":true,"id":"wash","name":"Wäsche","#
        + #""opacity":1.0,"package":"plasma","parameters":{"mix":1.0}}]}"#)
  }
}

@Test func aPresetOfALayerWhosePackageLostAParameterCanBeLoaded() throws {
  try withPresets { presets in
    var state = presets.state(mix: 0.25)
    let layer = try #require(state.layers.first)
    let table = ParameterTable([("lost", .int(3)), ("mix", .double(0.25))])
    state.layers.replace(layer.with(parameters: table))
    try presets.library.save("a", state)
    #expect(try presets.load("a") == presets.state(mix: 0.25))
  }
}

@Test func aPresetHoldsNoConfigAndChangesNone() throws {
  try withPresets { presets in
    let layers = #""layers":[{"id":"a","package":"plasma"}]"#
    try presets.write(#"{\#(layers),"config":{"frameRate":60.0,"nonsense":1},"sequence":9}"#, to: "export.json")
    #expect(try presets.load("export").config == presets.config)
  }
}

@Test func saveReturnsOnlyWhenTheFileIsThereAndReplacesTheOldOne() throws {
  try withPresets { presets in
    try presets.library.save("a", presets.state(mix: 0.1))
    try presets.library.save("a", presets.state(mix: 0.2))
    let state = try presets.load("a")
    #expect(state == presets.state(mix: 0.2))
    #expect(try presets.library.list().map(\.name) == ["a"])
  }
}

@Test(arguments: [
  "", ".", "..", "../outside", "a/b", "/etc/passwd", ".hidden", "a b", "ä", "a\0b", "a\n",
  String(repeating: "x", count: 65),
])
func aNameThatCouldLeaveTheFolderIsRefused(name: String) throws {
  try withPresets { presets in
    try presets.write("{}", to: "../outside.json")
    let state = presets.state(mix: 0)
    let problems = [
      #expect(throws: PresetFailure.self) { try presets.library.save(name, state) },
      #expect(throws: PresetFailure.self) { try presets.load(name) },
      #expect(throws: PresetFailure.self) { try presets.library.readJSON(name) },
      #expect(throws: PresetFailure.self) { try presets.library.delete(name) },
    ]
    let outside = try presets.content(of: "../outside.json")
    #expect(problems.allSatisfy { $0?.code == .badName })
    #expect(outside == Array("{}".utf8))
  }
}

@Test func aLinkInThePresetsPlaceIsNeverFollowed() throws {
  try withPresets { presets in
    try presets.write(#"{"layers":[]}"#, to: "../outside.json")
    try DataFolder.createFolder(presets.folder)
    #expect(symlink("../outside.json", "\(presets.folder)/link.json") == 0)
    let problem = #expect(throws: PresetFailure.self) { try presets.load("link") }
    #expect(problem?.code == .io)
    #expect(try presets.library.list().isEmpty)
    // A save takes the link's place.
    try presets.library.save("link", presets.state(mix: 0))
    #expect(try presets.content(of: "../outside.json") == Array(#"{"layers":[]}"#.utf8))
    #expect(try presets.load("link") == presets.state(mix: 0))
  }
}

@Test func aSaveThatCanNotBeWrittenThrowsAndNamesThePreset() throws {
  try withPresets { presets in
    try DataFolder.createFolder(presets.folder)
    #expect(mkdir("\(presets.folder)/taken.json", 0o700) == 0)
    let problem = #expect(throws: PresetFailure.self) { try presets.library.save("taken", presets.state(mix: 0)) }
    #expect(problem?.code == .io)
    #expect(problem?.message.contains("\"taken\" can't be saved") == true)
    #expect(problem?.remedy.isEmpty == false)
  }
}

@Test func whatIsTooLargeToBeReadBackIsNotSaved() throws {
  try withPresets { presets in
    try presets.library.save("big", presets.state(mix: 0.5))
    let texts = (0..<2100).map { ("t\($0)", ParameterValue.string(String(repeating: "x", count: 4096))) }
    let layer = presets.state(mix: 0).layers[position: 0].with(parameters: ParameterTable(texts))
    let problem = #expect(throws: PresetFailure.self) {
      try presets.library.save("big", StudioState(layers: LayerStack([layer])))
    }
    #expect(problem?.code == .tooLarge)
    #expect(try presets.load("big") == presets.state(mix: 0.5))
  }
}
