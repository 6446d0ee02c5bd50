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
    let shown = try await Program.run(tool + ["show", "\(deadly)"])
    let differs = try JSONParser.parse(Array(shown.utf8), limits: .init(bytes: 1 << 20))["differsFromProven"]
    #expect(CanonicalJSON.text(differs ?? .null).contains("deadly"), "\(shown)")
    #expect(try await Program.run(tool + ["list"]).contains("\"suspect\":true"))
    host.kill(SIGTERM)
    #expect(await host.wait() == 0)
    try await studio.isClean()
  }
}

/// The same while the database takes nothing, so that no run can be noted in it.
@Test(.timeLimit(.minutes(3)))
func aGenerationThatKillsTheHostCostsThreeStartsAlsoWhenRunsCanNotBeNoted() async throws {
  guard Machine.offers(["sqlite3"]) else { return }
  try await withScenario { place in
    try await place.putShow()
    let studio = try await Studio(place, ["--proving-seconds", "1"])
    try await studio.storeOneChange()
    try await studio.health("a proven generation") {
      $0["provenGeneration"]?.intValue == $0["storedGeneration"]?.intValue
    }
    let layer = "{\"id\":\"deadly\",\"package\":\"checker\",\"name\":\"Deadly\"}"
    #expect(try await studio.client.json("POST", "/layers?wait=stored", layer).status == 200)
    studio.host.kill(SIGTERM)
    #expect(await studio.host.wait() == 0)

    let shell = try DatabaseShell(place.database)
    try await shell.run("BEGIN IMMEDIATE;")
    let launch = HostLaunch(
      dataFolder: place.dataFolder, ["--proving-seconds", "1"],
      environment: ["AFTERIMAGE_CRASH_TEST_PACKAGE": "checker"])
    for _ in 0..<3 { #expect(try await HostProcess(launch).wait() == -SIGABRT) }
    let host = try HostProcess(launch)
    let client = try await host.client()
    #expect(try await host.first("host.started")["rung"] == "proven")
    #expect(try await client.parameter("plasma", "mix") == studio.mix)
    #expect(try await client.parameter("deadly", "size") == nil)
    // With the lock gone the proven state is stored as a generation of its own, and the ring is frozen.
    try await shell.end()
    let flushed = try await client.json("POST", "/persistence/flush?timeoutMs=20000")
    #expect(flushed.json["stored"] == true)
    let newest = try await client.json("GET", "/generations").json["generations"]?.arrayValue?.first
    #expect(newest?["origin"] == "recovery")
    host.kill(SIGTERM)
    #expect(await host.wait() == 0)
    try await studio.isClean()
  }
}

/// When the proven generation kills the host as well, the sixth crash switches all layers off: something is on air.
@Test(.timeLimit(.minutes(3)))
func whenNothingLoadsTheShowGoesOnAirWithoutItsLayers() async throws {
  guard Machine.offers(["sqlite3"]) else { return }
  try await withScenario { place in
    try await place.putShow()
    let studio = try await Studio(place, ["--proving-seconds", "1"])
    try await studio.storeOneChange()
    try await studio.health("a proven generation") {
      $0["provenGeneration"]?.intValue == $0["storedGeneration"]?.intValue
    }
    try await studio.change()
    studio.host.kill(SIGTERM)
    #expect(await studio.host.wait() == 0)
    let launch = HostLaunch(
      dataFolder: place.dataFolder, ["--proving-seconds", "1"], environment: ["AFTERIMAGE_CRASH_TEST_PACKAGE": "plasma"]
    )
    for _ in 0..<6 { #expect(try await HostProcess(launch).wait() == -SIGABRT) }
    let host = try HostProcess(launch)
    let client = try await host.client()
    #expect(try await host.first("host.started")["rung"] == "layersOff")
    let layers = try await client.json("GET", "/state").json["layers"]?.arrayValue ?? []
    #expect(layers.count == 2 && layers.allSatisfy { $0["enabled"] == false })
    host.kill(SIGTERM)
    #expect(await host.wait() == 0)
    try await studio.isClean()
  }
}
