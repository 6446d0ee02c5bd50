import Documents
import DurableFiles
import GenerationStore
import RecoveryWorkbench
import Studio
import StudioState
import Testing

@Test func listIsNewestFirst() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let answer = try fixture.workbench.list()
  let generations = try #require(answer.json["generations"]?.arrayValue)
  #expect(generations.map { $0["id"] } == [3, 2, 1])
  #expect(generations.map { $0["current"] } == [true, false, false])
  #expect(answer.lines.count == 4)
}

@Test func showGivesTheStateAsTheHostDoes() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let answer = try fixture.workbench.show(selector("2"))
  #expect(answer.json["generation"]?["id"] == 2)
  let expected = sampleState(layers: 2).setting("layer-1", mix: 0.375).json(sequence: 2)
  #expect(answer.json["state"].map { CanonicalJSON.text($0) } == CanonicalJSON.text(expected))
}

@Test func diffEndsWithOneWhenThereIsADifference() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let answer = try fixture.workbench.diff(selector("1"), selector("current"))
  #expect(answer.exit == .found)
  #expect(
    answer.json == [
      "from": 1, "to": 3, "changes": [["path": "layers.layer-1.parameters.mix", "before": 0.125, "after": 0.625]],
    ])
  #expect(try fixture.workbench.diff(selector("2"), selector("2")).exit == .fine)
}

@Test func verifyFindsADamagedPayload() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  #expect(try fixture.workbench.verify(nil, all: true).exit == .fine)
  try fixture.replaceInDatabase("\"mix\":0.375", with: "\"mix\":0.374")
  let answer = try fixture.workbench.verify(nil, all: true)
  #expect(answer.exit == .found)
  #expect(answer.json["ok"] == false)
  #expect(answer.json["checked"] == 3)
  #expect(answer.json["damaged"]?.arrayValue?.map { $0["generation"] } == [2])
  #expect(answer.json["damaged"]?.arrayValue?.map { $0["document"] } == ["layer layer-1"])
  #expect(try fixture.workbench.verify(selector("3")).exit == .fine)
}

@Test func aMissingDatabaseOrGenerationIsNoInput() throws {
  let fixture = try WorkbenchFixture()
  #expect(throws: ToolFailure.self) { try fixture.workbench.list() }
  try fixture.storeThree()
  do throws(ToolFailure) {
    _ = try fixture.workbench.show(selector("9"))
    Issue.record("generation 9 was shown")
  } catch {
    #expect(error.exit == .noInput)
  }
}

@Test func readingLeavesNoTraceInTheFolder() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let before = Set(try FolderListing.entries(of: fixture.folder).map(\.name))
  _ = try await fixture.workbench.doctor()
  #expect(Set(try FolderListing.entries(of: fixture.folder).map(\.name)) == before)
  _ = try fixture.workbench.list()
  let after = Set(try FolderListing.entries(of: fixture.folder).map(\.name))
  #expect(after.subtracting(before).isSubset(of: ["state.db-wal", "state.db-shm"]))
}

@Test func aBackupIsAWholeDatabaseAndReplacesNothing() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let path = "\(fixture.root)/backup.db"
  _ = try fixture.workbench.backUp(to: path)
  let reader = try GenerationReader.open(.studio, databasePath: path)
  defer { reader.close() }
  #expect(try reader.list().count == 3)
  do throws(ToolFailure) {
    _ = try fixture.workbench.backUp(to: path)
    Issue.record("an existing file was replaced")
  } catch {
    #expect(error.exit == .outputExists)
  }
}

@Test func statusWithoutAHostHasNoPersistence() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let answer = try await fixture.workbench.status()
  #expect(answer.exit == .fine)
  #expect(answer.json["persistence"] == .null)
  #expect(answer.json["files"]?.arrayValue?.first?["name"] == "state.db")
}

@Test func doctorFindsALogThatWasLost() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  #expect(try await fixture.workbench.doctor().exit == .fine)
  let mark = Array("{\"generation\":9,\"sequence\":9,\"storedAtUnixMs\":1}\n".utf8)
  try DurableFile.replace("\(fixture.folder)/head.json", with: mark)
  let answer = try await fixture.workbench.doctor()
  #expect(answer.exit == .found)
  #expect(answer.lines.contains { $0.contains("generation 9 was stored once") })
}
