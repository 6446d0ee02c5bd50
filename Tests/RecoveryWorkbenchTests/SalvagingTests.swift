import Documents
import DurableFiles
import GenerationStore
import RecoveryWorkbench
import Studio
import StudioState
import Testing

@Test func whatIsWholeIsSavedUnderItsNumber() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  try fixture.withStore { try $0.pin(3, label: "premiere") }
  try fixture.replaceInDatabase("\"mix\":0.375", with: "\"mix\":0.374")
  let source = try DurableFile.read(fixture.workbench.databasePath, limit: 1 << 24)
  let folder = "\(fixture.root)/saved"

  let answer = try Salvaging(source: fixture.workbench.databasePath, folder: folder).run()

  #expect(answer.exit == .found)
  #expect(answer.json["saved"] == [["generation": 1, "stored": 1], ["generation": 3, "stored": 3]])
  #expect(answer.json["lost"]?.arrayValue?.map { $0["generation"] } == [2])
  let reader = try GenerationReader.open(.studio, databasePath: "\(folder)/state.db")
  defer { reader.close() }
  let saved = try reader.list()
  #expect(saved.map(\.generation) == [3, 1])
  #expect(saved.map(\.sequence) == [3, 1])
  #expect(saved.map(\.storedAtUnixMs) == [1_763_890_560_123, 1_763_890_560_123])
  #expect(saved.first?.pin == "premiere")
  #expect(try reader.load(3).state == fixture.state(3))
  #expect(try DurableFile.read(fixture.workbench.databasePath, limit: 1 << 24) == source)
}

@Test func aDatabaseThatIsNoneSavesNothingAndStaysAsItIs() throws {
  let fixture = try WorkbenchFixture()
  let path = "\(fixture.root)/rubbish.db"
  let rubbish = Array(repeating: Array("rubbish ".utf8), count: 2048).flatMap(\.self)
  try DurableFile.replace(path, with: rubbish)
  let answer = try? Salvaging(source: path, folder: "\(fixture.root)/saved").run()
  #expect(answer?.exit != .fine)
  #expect(answer?.json["saved"]?.arrayValue ?? [] == [])
  #expect(try DurableFile.read(path, limit: 1 << 24) == rubbish)
}

@Test func anExistingFolderIsNotSalvagedInto() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  do throws(ToolFailure) {
    _ = try Salvaging(source: fixture.workbench.databasePath, folder: fixture.folder).run()
    Issue.record("the folder was taken")
  } catch {
    #expect(error.exit == .outputExists)
  }
}

@Test func brokenPagesCostOnlyTheirOwnGenerations() throws {
  let fixture = try WorkbenchFixture()
  try fixture.store((1...40).map { sampleState(layers: 40).setting("layer-1", mix: Double($0) / 100) })
  var bytes = try #require(try DurableFile.read(fixture.workbench.databasePath, limit: 1 << 24))
  // A page in the last quarter: far from the schema at the beginning.
  let start = bytes.count / 4 * 3 / 4096 * 4096
  bytes.replaceSubrange(start..<(start + 4096), with: [UInt8](repeating: 0xA5, count: 4096))
  let path = "\(fixture.root)/broken.db"
  try DurableFile.replace(path, with: bytes)

  let answer = try Salvaging(source: path, folder: "\(fixture.root)/saved").run()

  #expect(answer.exit == .found, "\(answer.lines)")
  let saved = try #require(answer.json["saved"]?.arrayValue)
  #expect(!saved.isEmpty, "\(answer.lines)")
  let reader = try GenerationReader.open(.studio, databasePath: "\(fixture.root)/saved/state.db")
  defer { reader.close() }
  for number in saved.compactMap({ $0["stored"]?.intValue }) {
    #expect(try reader.load(number).state == fixture.state(number))
  }
  #expect(try reader.integrityProblems() == [])
  #expect(try DurableFile.read(path, limit: 1 << 24) == bytes)
}
