import Documents
import DurableFiles
import GenerationStore
import RecoveryWorkbench
import StudioState
import Testing

@Test func rollbackAppends() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let answer = try await fixture.workbench.rollBack(to: selector("1"))
  #expect(answer.json == ["from": 3, "to": 1, "stored": 4, "dryRun": false])
  let generations = try fixture.summaries()
  #expect(generations.map(\.generation) == [4, 3, 2, 1])
  #expect(generations.first?.origin == "rollback")
  #expect(generations.first?.sequence == 4)
  #expect(try fixture.state(4) == fixture.state(1))
}

@Test func aDryRunStoresNothing() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let answer = try await fixture.workbench.rollBack(to: selector("1"), isDryRun: true)
  #expect(answer.json["stored"] == .null)
  #expect(answer.json["dryRun"] == true)
  #expect(answer.json["changes"]?.arrayValue?.count == 1)
  #expect(try fixture.summaries().count == 3)
}

@Test func oneLayerComesBackAlone() async throws {
  let fixture = try WorkbenchFixture()
  let first = sampleState(layers: 2)
  try fixture.store([first, first.setting("layer-1", mix: 0.75).setting("layer-2", mix: 0.25)])
  _ = try await fixture.workbench.rollBack(to: selector("1"), only: layerID("layer-1"))
  #expect(try fixture.state(3) == first.setting("layer-2", mix: 0.25))
}

@Test func aRemovedLayerComesBackWhereItLay() async throws {
  let fixture = try WorkbenchFixture()
  let first = sampleState(layers: 3)
  try fixture.store([first, first.changed { $0.layers.remove(layerID("layer-2")) }])
  _ = try await fixture.workbench.rollBack(to: selector("1"), only: layerID("layer-2"))
  #expect(try fixture.state(3) == first)
}

@Test func aDamagedTargetIsNotRolledBackTo() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  try fixture.replaceInDatabase("\"mix\":0.375", with: "\"mix\":0.374")
  do throws(ToolFailure) {
    _ = try await fixture.workbench.rollBack(to: selector("2"))
    Issue.record("a damaged generation was brought back")
  } catch {
    #expect(error.exit == .found)
  }
  #expect(try fixture.summaries().count == 3)
}

@Test func aPinIsSetAndTakenAway() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  _ = try await fixture.workbench.pin(selector("1"), label: "premiere")
  #expect(try fixture.summaries().last?.pin == "premiere")
  _ = try await fixture.workbench.unpin(selector("premiere"))
  #expect(try fixture.summaries().last?.pin == nil)
}

@Test(arguments: ["42", "current", ""])
func aLabelThatNamesSomethingElseIsRefused(label: String) async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  do throws(ToolFailure) {
    _ = try await fixture.workbench.pin(selector("1"), label: label)
    Issue.record("the label was taken")
  } catch {
    #expect(error.exit == .usage)
  }
}

@Test func anExportedStateComesBackOnAnotherMachine() async throws {
  let here = try WorkbenchFixture()
  let there = try WorkbenchFixture()
  try here.storeThree()
  let path = "\(here.root)/show.json"
  _ = try await here.workbench.export(selector("2"), to: path)
  let answer = try await there.workbench.importing(path)
  #expect(answer.json["stored"] == 1)
  #expect(try there.state(1) == here.state(2))
  #expect(try there.summaries().first?.origin == "import")
}

@Test(arguments: [
  "{}", "[]", "{\"layers\":[{\"id\":\"a\",\"package\":\"unknown\"}]}", "{\"layers\":[],\"surprise\":1}",
  "{\"layers\":[{\"id\":\"a\",\"package\":\"plasma\",\"parameters\":{\"mix\":\"much\"}}]}", "{\"layers\":[",
  "{\"layers\":[],\"packages\":{\"x\":7}}",
])
func aFileThatBreaksARuleIsNotImported(text: String) async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let path = "\(fixture.root)/bad.json"
  try DurableFile.replace(path, with: Array(text.utf8))
  do throws(ToolFailure) {
    _ = try await fixture.workbench.importing(path)
    Issue.record("it was imported")
  } catch {
    #expect(error.exit == .corruptInput)
  }
  #expect(try fixture.summaries().count == 3)
}

@Test func whoeverHoldsTheLockIsNotDisturbed() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let lock = try FolderLock(folder: fixture.folder, program: "test")
  defer { lock.release() }
  do throws(ToolFailure) {
    _ = try await fixture.workbench.rollBack(to: selector("1"))
    Issue.record("the lock was passed over")
  } catch {
    #expect(error.exit == .busy)
  }
  #expect(try fixture.summaries().count == 3)
}
