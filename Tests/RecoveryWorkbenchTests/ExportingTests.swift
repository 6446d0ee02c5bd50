import Documents
import DurableFiles
import StudioState
import Testing

@testable import RecoveryWorkbench

@Test func anExportToStandardOutputIsTheFileAndLeavesNone() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let path = "\(fixture.root)/show.json"
  _ = try await fixture.workbench.export(selector("2"), to: path)
  let answer = try await fixture.workbench.export(selector("2"), to: "-")
  #expect(answer.content == (try DurableFile.read(path, limit: 1 << 20)))
  #expect(!(try FolderListing.entries(of: ".")).contains { $0.name == "-" })
}

@Test func withoutAHostTheExportIsTheNewestGeneration() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let answer = try await fixture.workbench.export(nil, to: "\(fixture.root)/show.json")
  #expect(answer.json["generation"] == 3)
}

@Test func backupsAndSalvagesHaveNoStandardOutput() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let backup = #expect(throws: ToolFailure.self) { try fixture.workbench.backUp(to: "-") }
  #expect(backup?.exit == .usage)
  let salvage = #expect(throws: ToolFailure.self) {
    try Salvaging(source: fixture.workbench.databasePath, folder: "-").run()
  }
  #expect(salvage?.exit == .usage)
}

@Test func exportsCarryTheVersionOfTheirForm() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let content = try #require(try await fixture.workbench.export(selector("2"), to: "-").content)
  let json = try JSONParser.parse(content, limits: .init(bytes: 1 << 20))
  #expect(json["formatVersion"] == 1)
  #expect(try ExportFormat.read(content, installed: .empty).layers.count == 2)
}

@Test(arguments: [
  (#"{"layers":[]}"#, true), (#"{"formatVersion":1,"layers":[]}"#, true),
  (#"{"formatVersion":2,"layers":[],"news":1}"#, false), (#"{"formatVersion":0,"layers":[]}"#, false),
  (#"{"formatVersion":"1","layers":[]}"#, false),
])
func exportsOfEarlierVersionsAreReadAndOfLaterOnesRefused(text: String, isRead: Bool) {
  let problem: String?
  do {
    _ = try ExportFormat.read(Array(text.utf8), installed: .empty)
    problem = nil
  } catch {
    problem = "\(error)"
  }
  #expect((problem == nil) == isRead, "\(problem ?? "")")
  if text.contains("news") { #expect(problem?.contains("newer Afterimage") == true) }
}
