import Documents
import DurableSessions
import RecoveryWorkbench
import Studio
import StudioState
import Testing

@testable import StudioHosting

/// The host over HTTP and the tool on the folder answer the same questions with the same bytes.
@Test(.timeLimit(.minutes(1))) func theHostAndTheToolAnswerWithTheSameJSON() async throws {
  let fixture = HostFixture()
  var settings = fixture.settings
  settings.studio.session.debounce = .zero
  try await fixture.run(settings) { air in
    _ = await fixture.lines.first("persistence.stored")
    _ = try await air.send("PUT", "layers/plasma/opacity?wait=stored&timeoutMs=10000", #"{"value":0.25}"#)
    let tool = Workbench(folder: fixture.folder)
    let (one, two) = (try #require(GenerationSelector("1")), try #require(GenerationSelector("current")))
    #expect(try await air.get("generations").json == tool.list().json)
    #expect(try await air.get("generations/1").json == tool.show(one).json)
    #expect(try await air.get("generations/diff?from=1&to=current").json == tool.diff(one, two).json)
    #expect(try await air.get("generations/9").status == 404)
    #expect(throws: ToolFailure.self) { try tool.show(try #require(GenerationSelector("9"))) }
  }
}
