import Documents
import Foundation
import HostHarness
import StudioState
import Testing

private let proving = ["--proving-seconds", "1"]

/// A scenario that begins with a show whose newest generation is proven.
private func withProvenStudio(_ body: (Studio) async throws -> Void) async throws {
  try await withStudio(proving) { studio in
    try await studio.health("a proven generation") {
      $0["provenGeneration"]?.intValue == $0["storedGeneration"]?.intValue
    }
    try await body(studio)
  }
}

extension Studio {
  /// Adds a layer that is to kill later hosts, and ends the host before that has been on air for the proving time.
  ///
  /// - Returns: the generation that holds it.
  @discardableResult
  fileprivate func endOnDeadlyLayer() async throws -> Int64 {
    let layer = "{\"id\":\"deadly\",\"package\":\"checker\",\"name\":\"Deadly\"}"
    let added = try await client.json("POST", "/layers?wait=stored", layer)
    #expect(added.status == 200)
    host.kill(SIGTERM)
    #expect(await host.wait() == 0)
    return try #require(added.json["generation"]?.intValue)
  }

  /// A host that dies of enabled layers of that package.
  fileprivate func launch(deadly package: String) -> HostLaunch {
    HostLaunch(
      dataFolder: place.dataFolder, proving, environment: ["AFTERIMAGE_CRASH_TEST_PACKAGE": package])
  }
}

/// A generation that kills the host at load costs three starts; then the show runs on the proven one.
@Test(.timeLimit(.minutes(3)), .needs(["sqlite3"]))
func aGenerationThatKillsTheHostCostsThreeStarts() async throws {
  try await withProvenStudio { studio in
    let deadly = try await studio.endOnDeadlyLayer()
    let launch = studio.launch(deadly: "checker")
    for _ in 0..<3 { #expect(try await HostProcess(launch).wait() == -SIGABRT) }
    let host = try HostProcess(launch)
    let client = try await host.client()
    let rollback = try await host.first("host.crashLoopRollback")
    #expect(rollback["from"]?.intValue == deadly)
    #expect(try await client.parameter("plasma", "mix") == studio.mix)
    #expect(try await client.parameter("deadly", "size") == nil)
    // The suspect stays, and the tool tells what is in it.
    let tool = ["\(HostProcess.binaries)/afterimage", "--data-dir", studio.place.dataFolder, "--output", "json"]
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
@Test(.timeLimit(.minutes(3)), .needs(["sqlite3"]))
func aGenerationThatKillsTheHostCostsThreeStartsAlsoWhenRunsCanNotBeNoted() async throws {
  try await withProvenStudio { studio in
    try await studio.endOnDeadlyLayer()
    let shell = try DatabaseShell(studio.place.database)
    try await shell.run("BEGIN IMMEDIATE;")
    let launch = studio.launch(deadly: "checker")
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
@Test(.timeLimit(.minutes(3)), .needs(["sqlite3"]))
func whenNothingLoadsTheShowGoesOnAirWithoutItsLayers() async throws {
  try await withProvenStudio { studio in
    try await studio.change()
    studio.host.kill(SIGTERM)
    #expect(await studio.host.wait() == 0)
    let launch = studio.launch(deadly: "plasma")
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
