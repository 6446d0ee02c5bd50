import Documents
import GenerationStore
import StudioState
import Testing

@testable import RecoveryWorkbench

@Test func aSuspectGenerationTellsWhichLayerDiffersFromTheProvenOne() throws {
  let fixture = try WorkbenchFixture()
  let good = sampleState(layers: 3)
  try fixture.store([good, good.setting("layer-2", mix: 0.875).setting("layer-3", mix: 0.75)])
  try fixture.withStore {
    try $0.markProven(1)
    try $0.markSuspect(2)
  }
  let answer = try fixture.workbench.show(selector("2"))
  #expect(
    answer.json["differsFromProven"] == ["layers.layer-2.parameters.mix", "layers.layer-3.parameters.mix"])
  #expect(
    answer.lines.contains(
      "suspect; what differs from generation 1, the newest proven one: layer layer-2, layer-3"))
  #expect(try fixture.workbench.show(selector("1")).json["differsFromProven"] == nil)
}

@Test func withoutAProvenGenerationThereIsNothingToCompareWith() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  try fixture.withStore { try $0.markSuspect(3) }
  let answer = try fixture.workbench.show(selector("current"))
  #expect(answer.json["differsFromProven"] == .null)
  #expect(answer.lines.last == "suspect, and there is no proven generation to compare it with")
}

@Test(
  arguments: [
    ("layers.plasma.parameters.mix", "plasma"), ("layers.plasma", "plasma"), ("layers.plasma.opacity", "plasma"),
    ("layers.left.wall.blendMode", "left.wall"), ("layers", nil), ("config.frameRate", nil), ("packages.plasma", nil),
  ] as [(String, String?)])
func aChangeNamesItsLayer(path: String, layer: String?) {
  #expect(StateChange(path, before: nil, after: nil).layer == layer)
}
