import Documents
import GenerationStore
import RecoveryWorkbench
import Studio
import StudioState
import Testing

@Test(arguments: [nil, "layer-1"])
func aRollbackToAnEqualStateStoresNothing(only: String?) async throws {
  let fixture = try WorkbenchFixture()
  let state = sampleState(layers: 2)
  try fixture.store([state, state.setting("layer-1", mix: 0.75), state])
  let answer = try await fixture.workbench.rollBack(to: selector("1"), only: only.map(layerID))
  #expect(answer.json == ["from": 3, "to": 1, "stored": 3, "dryRun": false, "changed": false])
  #expect(try fixture.summaries().count == 3)
}

@Test func aLayerComesBackWithItsPackageAndADryRunSaysSo() async throws {
  let fixture = try WorkbenchFixture()
  let first = sampleState(layers: 3)
  var without = first
  without.layers = LayerStack()
  without.packages = .empty
  try fixture.store([first, without])
  let only = layerID("layer-2")
  let dry = try await fixture.workbench.rollBack(to: selector("1"), only: only, isDryRun: true)
  let paths = dry.json["changes"]?.arrayValue?.compactMap { $0["path"]?.stringValue } ?? []
  #expect(paths.contains("packages.plasma"), "\(paths)")
  _ = try await fixture.workbench.rollBack(to: selector("1"), only: only)
  let state = try fixture.state(3)
  #expect(state == (try without.restoring(only, from: first)))
  #expect(state.packages == first.packages)
  let changes = StateDiff.changes(from: without, to: state)
  #expect(changes.map(\.path) == paths, "the dry run forecast what came about")
}

@Test func aDamagedCurrentGenerationIsNoReasonNotToGoBack() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  try fixture.replaceInDatabase("\"mix\":0.625", with: "\"mix\":0.624")
  let dry = try await fixture.workbench.rollBack(to: selector("1"), isDryRun: true)
  #expect(dry.json["changes"] == .null)
  _ = try await fixture.workbench.rollBack(to: selector("1"))
  #expect(try fixture.state(4) == fixture.state(1))
}
