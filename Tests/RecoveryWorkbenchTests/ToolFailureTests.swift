import Documents
import HostClient
import StudioState
import Testing

@testable import RecoveryWorkbench

@Test func anErrorAsJSONHasCodeMessageAndRemedy() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let failure = #expect(throws: ToolFailure.self) { try fixture.workbench.show(selector("9")) }
  let error = failure?.json["error"]
  #expect(error?["code"] == "noInput")
  #expect(error?["exit"] == 66)
  #expect(error?["message"]?.stringValue?.contains("no generation \"9\"") == true)
  #expect(error?["remedy"] == "See: afterimage list")
  #expect(failure?.message.hasSuffix("See: afterimage list") == true, "people read both")
}

@Test func aFileInThePlaceOfTheDataFolderIsNamedAsSuch() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  let wrong = Workbench(folder: fixture.workbench.databasePath)
  let list = #expect(throws: ToolFailure.self) { try wrong.list() }
  let doctor = await #expect(throws: ToolFailure.self) { try await wrong.doctor() }
  for failure in [list, doctor] {
    #expect(failure?.exit == .noInput)
    #expect(failure?.remedy == "Try: --data-dir \(fixture.folder)")
  }
}

@Test func silenceSaysWhatIsCertain() {
  let client = HostClient(host: "127.0.0.1", port: 9)
  let silent = RunningHost(client: client, honoursDeadlines: true).silence(.init(.timedOut, "a:1", "nothing came"))
  #expect(silent.cause.contains("It will not act on the request any more"))
  let earlier = RunningHost(client: client).silence(.init(.timedOut, "a:1", "nothing came"))
  #expect(earlier.cause.contains("may still act on the request later"))
  let closed = RunningHost(client: client, honoursDeadlines: true).silence(.init(.noConnection, "a:1", "refused"))
  #expect(closed.cause.contains("Nothing was changed"))
  #expect([silent, earlier, closed].allSatisfy { $0.exit == .hostUnreachable })
}

@Test(arguments: [
  (#"{"persistence":{"state":"saved","unsavedChanges":false,"lastError":null}}"#, false),
  (#"{"persistence":{"state":"storing","unsavedChanges":true,"lastError":null}}"#, false),
  (#"{"persistence":{"state":"retrying","unsavedChanges":true,"lastError":{"code":"busy"}}}"#, true),
  (#"{"persistence":{"state":"failing","unsavedChanges":true,"lastError":{"code":"io"}}}"#, true),
  (#"{"persistence":{"state":"storing","unsavedChanges":true,"lastError":null},"status":"unhealthy"}"#, true),
  (#"{"persistence":{"state":"readOnly","unsavedChanges":false,"lastError":null}}"#, false),
])
func aHostMustRunWhileSomethingIsUnsavedAndFails(health: String, mustRun: Bool) throws {
  let json = try JSONParser.parse(Array(health.utf8), limits: .init(bytes: 4096))
  #expect(Workbench.mustRun(json) == mustRun)
}
