import Foundation
import HostHarness
import StudioState
import Testing

/// A generation that kills the host at load costs three starts; then the show runs on the proven one.
@Test(.timeLimit(.minutes(3)))
func aGenerationThatKillsTheHostCostsThreeStarts() async throws {
  guard Machine.offers(["sqlite3"]) else { return }
  try await withScenario { place in
    try await place.putShow()
    let studio = try await Studio(place, ["--proving-seconds", "1"])
    try await studio.storeOneChange()
    try await studio.health("a proven generation") {
      $0["provenGeneration"]?.intValue == $0["storedGeneration"]?.intValue
    }
    let layer = "{\"id\":\"deadly\",\"package\":\"checker\",\"name\":\"Deadly\"}"
    let added = try await studio.client.json("POST", "/layers?wait=stored", layer)
    #expect(added.status == 200)
    let deadly = try #require(added.json["generation"]?.intValue)
    // Before it has been on air for the proving time.
    studio.host.kill(SIGTERM)
    #expect(await studio.host.wait() == 0)

    let environment = ["AFTERIMAGE_CRASH_TEST_PACKAGE": "checker"]
    let launch = HostLaunch(dataFolder: place.dataFolder, ["--proving-seconds", "1"], environment: environment)
    for _ in 0..<3 { #expect(try await HostProcess(launch).wait() == -SIGABRT) }
    let host = try HostProcess(launch)
    let client = try await host.client()
    let rollback = try await host.first("host.crashLoopRollback")
    #expect(rollback["from"]?.intValue == deadly)
    #expect(try await client.parameter("plasma", "mix") == studio.mix)
    #expect(try await client.parameter("deadly", "size") == nil)
    // The suspect stays, and the tool tells what is in it.
    let tool = ["\(HostProcess.binaries)/afterimage", "--data-dir", place.dataFolder, "--output", "json"]
    #expect(try await Program.run(tool + ["show", "\(deadly)"]).contains("deadly"))
    #expect(try await Program.run(tool + ["list"]).contains("\"suspect\":true"))
    host.kill(SIGTERM)
    #expect(await host.wait() == 0)
    try await studio.isClean()
  }
}
