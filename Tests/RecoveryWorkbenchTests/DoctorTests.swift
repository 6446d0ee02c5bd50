import Documents
import DurableFiles
import GenerationStore
import RecoveryWorkbench
import StudioState
import Testing

// The doctor on real folders.

@Test func theDoctorNamesWhoHoldsTheFolder() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let free = try await fixture.workbench.doctor()
  #expect(free.json["locks"]?["folder"] == [])
  let lock = try FolderLock(folder: fixture.folder, program: "test")
  defer { lock.release() }
  guard free.json["locks"]?["areTold"] == true else { try Test.cancel("this system does not tell about locks") }
  let held = try await fixture.workbench.doctor()
  #expect(held.json["locks"]?["folder"]?.arrayValue?.count == 1)
  #expect(held.exit == .fine)
}

@Test func theDoctorReadsTheLogAndLeavesTheFolderAsItIs() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeInLog(3)
  let before = try fixture.contents()
  #expect(before["state.db-wal"]?.isEmpty == false)
  let answer = try await fixture.workbench.doctor()
  #expect(answer.exit == .fine, "\(answer.lines)")
  #expect(answer.json["ring"]?["newest"] == 3)
  #expect(try fixture.contents() == before)
}

@Test(arguments: ["empty", "alone", "cut", "garbage"])
func theDoctorFindsDamageAndTouchesNothing(kind: String) async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeInLog(3)
  let path = fixture.workbench.databasePath
  let bytes = try #require(try DurableFile.read(path, limit: 1 << 24))
  switch kind {
  case "empty": try DurableFile.replace(path, with: [])
  case "alone": try DurableFile.remove(path)
  case "cut": try DurableFile.replace(path, with: Array(bytes.prefix(100)))
  default: try DurableFile.replace(path, with: [UInt8](repeating: 0x42, count: 5000))
  }
  if kind == "cut" || kind == "garbage" { try DurableFile.remove("\(path)-wal") }
  let before = try fixture.contents()
  let answer = try await fixture.workbench.doctor()
  #expect(answer.exit == .found, "\(kind): \(answer.lines)")
  #expect(answer.json["advice"]?.arrayValue?.first?["severity"] == "damage", "\(kind)")
  #expect(try fixture.contents() == before)
}

@Test func theDoctorLooksAtTheSecondFolderToo() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let other = try WorkbenchFixture()
  try other.store((1...5).map { sampleState(layers: 1).setting("layer-1", mix: Double($0) / 10) })
  let answer = try await fixture.workbench.doctor(fallback: other.folder)
  #expect(answer.json["fallback"]?["newest"] == 5)
  #expect(answer.lines.contains { $0.contains("holds generation 5") })
}

@Test func aMissingFolderIsNoInput() async throws {
  let fixture = try WorkbenchFixture()
  do throws(ToolFailure) {
    _ = try await fixture.workbench.doctor()
    Issue.record("a folder that is not there was examined")
  } catch {
    #expect(error.exit == .noInput)
  }
}
