import DurableFiles
import Glibc
import StudioState
import Testing

@testable import PresetLibrary

@Test func withoutAFolderThereAreNoPresets() throws {
  try withPresets { presets in
    let list = try presets.library.list()
    let newest = try presets.library.loadNewest(packages: presets.packages, config: presets.config)
    let problem = #expect(throws: PresetFailure.self) { try presets.load("a") }
    #expect(list.isEmpty && newest.preset == nil && newest.problems.isEmpty)
    #expect(problem?.code == .notFound)
  }
}

@Test func theListIsSortedAndHoldsPresetsOnly() throws {
  try withPresets { presets in
    for name in ["b", "a", "B"] { try presets.library.save(name, presets.state(mix: 0)) }
    try presets.write("notes", to: "notes.txt")
    try presets.write("", to: ".1-1.afterimage-tmp")
    try presets.write("", to: "bad name.json")
    #expect(mkdir("\(presets.folder)/folder.json", 0o700) == 0)
    let list = try presets.library.list()
    #expect(list.map(\.name) == ["B", "a", "b"])
    #expect(list.allSatisfy { $0.bytes > 100 && $0.modifiedAtUnixMs > 1_700_000_000_000 })
  }
}

@Test func aThousandPresetsAreKeptAndNoMore() throws {
  try withPresets { presets in
    try DataFolder.createFolder(presets.folder)
    for number in 0..<1000 {
      // Written without sync: only the names count here.
      let file = open("\(presets.folder)/p\(number).json", O_CREAT | O_WRONLY, 0o600)
      #expect(file >= 0)
      close(file)
    }
    let problem = #expect(throws: PresetFailure.self) { try presets.library.save("more", presets.state(mix: 0)) }
    #expect(problem?.code == .tooMany)
    try presets.library.save("p7", presets.state(mix: 0))
    #expect(try presets.load("p7") == presets.state(mix: 0))
    try presets.write("{}", to: "more.json")
    #expect(try presets.library.list().count == 1000)
  }
}

@Test func aDeletedPresetIsGone() throws {
  try withPresets { presets in
    try presets.library.save("a", presets.state(mix: 0))
    try presets.library.delete("a")
    #expect(try presets.content(of: "a.json") == nil)
    let problem = #expect(throws: PresetFailure.self) { try presets.library.delete("a") }
    #expect(problem?.code == .notFound)
  }
}

@Test func theNewestPresetIsTheOneSavedLast() throws {
  try withPresets { presets in
    for name in ["a", "b", "c"] { try presets.library.save(name, presets.state(mix: 0)) }
    #expect(presets.setModified("a.json", unixMs: 2_000_000_000_000))
    #expect(presets.setModified("b.json", unixMs: 2_000_000_000_001))
    let newest = try presets.library.loadNewest(packages: presets.packages, config: presets.config)
    #expect(newest.preset?.name == "b")
  }
}

@Test func recoveryTakesTheNewestPresetThatCanBeLoaded() throws {
  try withPresets { presets in
    try presets.library.save("old", presets.state(mix: 0.1))
    try presets.library.save("good", presets.state(mix: 0.2))
    try presets.write("\0\0\0", to: "torn.json")
    #expect(presets.setModified("old.json", unixMs: 1_000_000_000_000))
    #expect(presets.setModified("good.json", unixMs: 1_500_000_000_000))
    let found = try presets.library.loadNewest(packages: presets.packages, config: presets.config)
    #expect(found.preset?.name == "good")
    #expect(found.preset?.state == presets.state(mix: 0.2))
    #expect(found.problems.map(\.name) == ["torn"])
  }
}

@Test func recoveryTriesEightPresetsAtMost() throws {
  try withPresets { presets in
    for number in 0..<9 { try presets.write("x", to: "p\(number).json") }
    let found = try presets.library.loadNewest(packages: presets.packages, config: presets.config)
    #expect(found.preset == nil)
    #expect(found.problems.count == 8)
  }
}
