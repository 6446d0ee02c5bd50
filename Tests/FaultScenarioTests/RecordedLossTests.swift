import Documents
import Foundation
import HostClient
import HostHarness
import StudioState
import Testing

// A loss is announced beyond the start that found it, by health, journal and tool, until it is acknowledged. Until then
// a show that renders nothing is not marked as proven.

private let proving = ["--proving-seconds", "1"]

/// Hosts on one folder, one after the other, and the tool beside them.
private struct LossScene {
  let place: Place

  func launch(boot: String = "boot-1", _ arguments: [String] = []) -> HostLaunch {
    HostLaunch(
      dataFolder: place.dataFolder, ["--debounce-ms", "20", "--max-delay-ms", "200"] + arguments,
      environment: ["AFTERIMAGE_CRASH_TEST_BOOT": boot])
  }

  func tool(_ words: String...) async throws -> (status: Int32, output: String) {
    try await Program.result(["\(HostProcess.binaries)/afterimage", "--data-dir", place.dataFolder] + words)
  }

  func loss(_ client: HostClient) async throws -> JSONValue {
    try #require(try await client.json("GET", "/health").json["loss"])
  }

  func status(_ client: HostClient) async throws -> JSONValue {
    try await client.json("GET", "/health").json["status"] ?? .null
  }

  func proven(_ client: HostClient) async throws -> JSONValue {
    try await client.json("GET", "/health").json["persistence"]?["provenGeneration"] ?? .null
  }

  /// Starts a host and kills it as soon as it is on air.
  func startAndKill(boot: String) async throws {
    let host = try HostProcess(launch(boot: boot))
    _ = try await host.client()
    host.kill(SIGKILL)
    #expect(await host.wait() == -SIGKILL)
  }

  func layersOn(_ client: HostClient) async throws -> Int {
    (try await client.json("GET", "/state").json["layers"]?.arrayValue ?? []).count { $0["enabled"] == true }
  }
}

private func withLossScene(_ body: (LossScene) async throws -> Void) async throws {
  try await withScenario { place in
    try await place.putShow()
    try await body(LossScene(place: place))
  }
}

@Test(.timeLimit(.minutes(3)))
func threeShortPowerCutsSwitchNoLayerOff() async throws {
  try await withLossScene { scene in
    for number in 1...5 { try await scene.startAndKill(boot: "boot-\(number)") }
    let host = try HostProcess(scene.launch(boot: "boot-6"))
    let client = try await host.client()
    #expect(try await host.first("host.started")["rung"] == "newest")
    #expect(host.lines("host.crashLoopRollback").isEmpty)
    #expect(try await scene.layersOn(client) == 2)
    #expect(try await scene.loss(client) == .null)
    host.kill(SIGTERM)
    #expect(await host.wait() == 0)
  }
}

/// Nothing was ever proven, and three starts crash under one boot: all layers are off, and stay announced and unproven
/// until one is on again.
@Test(.timeLimit(.minutes(3)))
func layersThatAreOffStayAnnouncedUntilOneIsOn() async throws {
  try await withLossScene { scene in
    for _ in 0..<3 { try await scene.startAndKill(boot: "boot-1") }
    let first = try HostProcess(scene.launch(proving))
    var client = try await first.client()
    #expect(try await first.first("host.started")["rung"] == "layersOff")
    let loss = try await scene.loss(client)
    let command = try #require(loss["command"]?.stringValue)
    #expect(command == "afterimage --data-dir \(scene.place.dataFolder) rollback 1")
    #expect(loss["lost"]?.arrayValue?.first?.stringValue?.contains("generation 1") == true)
    // Long over its proving time, and on a disk that takes everything.
    try await eventually("a healthy run") {
      try String(contentsOfFile: "\(scene.place.dataFolder)/starts.json", encoding: .utf8).contains("\"starts\":0")
    }
    try await Task.sleep(for: .seconds(2))
    #expect(try await scene.proven(client) == .null)
    first.kill(SIGKILL)
    await first.wait()

    // The next start finds a whole newest generation, and is not content.
    let second = try HostProcess(scene.launch(proving))
    client = try await second.client()
    #expect(try await second.first("host.started")["rung"] == "newest")
    #expect(try await second.first("recovery.loss")["rung"] == "layersOff")
    #expect(try await scene.loss(client)["rung"] == "layersOff")
    #expect(try await scene.status(client) == "degraded")
    try await Task.sleep(for: .seconds(2))
    #expect(try await scene.proven(client) == .null)

    // The command of the notice brings the show back.
    let words = command.split(separator: " ").dropFirst().map(String.init) + ["--yes"]
    try await Program.run(["\(HostProcess.binaries)/afterimage"] + words)
    #expect(try await scene.layersOn(client) == 2)
    try await eventually("the end of the announcement") { try await scene.loss(client) == .null }
    try await eventually("a proven generation") { try await scene.proven(client) != .null }
    second.kill(SIGTERM)
    #expect(await second.wait() == 0)
    let status = try await scene.tool("status")
    #expect(status.status == 0, "\(status.output)")
  }
}

/// - Parameter whileRunning: acknowledged through the host, or without one.
@Test(.timeLimit(.minutes(3)), arguments: [true, false])
func aLostShowIsAnnouncedByEveryStartUntilItIsAcknowledged(whileRunning: Bool) async throws {
  try await withLossScene { scene in
    try await Program.run([
      "bash", "-c", "head -c 20000 /dev/urandom > \(scene.place.database); rm -f \(scene.place.log)",
    ])
    let first = try HostProcess(scene.launch(proving))
    var client = try await first.client()
    #expect(try await first.first("host.started")["rung"] == "empty")
    #expect(try await scene.status(client) == "degraded")
    try await Task.sleep(for: .seconds(2))
    #expect(try await scene.proven(client) == .null, "an empty show proves nothing")
    first.kill(SIGTERM)
    #expect(await first.wait() == 0)

    // Nothing is left of it but the record.
    let second = try HostProcess(scene.launch(proving))
    client = try await second.client()
    #expect(try await second.first("host.started")["rung"] == "newest")
    #expect(try await second.first("recovery.loss")["rung"] == "empty")
    let loss = try await scene.loss(client)
    #expect(loss["rung"] == "empty" && loss["lost"]?.arrayValue?.isEmpty == false)
    let folder = try #require(loss["files"]?.arrayValue?.first?.stringValue)
    #expect(FileManager.default.fileExists(atPath: "\(folder)/state.db"))
    #expect(loss["command"]?.stringValue == "afterimage salvage \(folder)/state.db --to NEW_FOLDER")
    #expect(try await scene.status(client) == "degraded")
    #expect(try await client.json("GET", "/health").json["persistence"]?["state"] == "saved")
    for command in ["status", "doctor"] {
      let answer = try await scene.tool(command)
      #expect(answer.status == 1, "\(command)")
      #expect(answer.output.contains("acknowledge"), "\(command): \(answer.output)")
    }

    if whileRunning {
      #expect(try await scene.tool("acknowledge").status == 0)
      try await eventually("the acknowledgement in the journal") {
        second.lines("recovery.acknowledged").count == 1
      }
      #expect(try await scene.loss(client) == .null)
      #expect(try await scene.status(client) == "ok")
      try await eventually("proof of what was acknowledged") { try await scene.proven(client) != .null }
    }
    second.kill(SIGTERM)
    #expect(await second.wait() == 0)
    if !whileRunning {
      #expect(try await scene.tool("status").status == 1)
      #expect(try await scene.tool("acknowledge").status == 0)
    }
    #expect(try await scene.tool("status").status == 0)
    #expect(try await scene.tool("doctor").status == 0)
    let third = try HostProcess(scene.launch(proving))
    client = try await third.client()
    #expect(try await scene.loss(client) == .null)
    #expect(third.lines("recovery.loss").isEmpty)
    third.kill(SIGTERM)
    #expect(await third.wait() == 0)
  }
}

/// The same over HTTP, and once more when there is nothing to acknowledge.
@Test(.timeLimit(.minutes(2)))
func aLogThatWasLostIsAnnouncedUntilItIsAcknowledgedOverHTTP() async throws {
  try await withLossScene { scene in
    try Data("{\"generation\":1000,\"sequence\":1000,\"storedAtUnixMs\":0}".utf8)
      .write(to: URL(fileURLWithPath: "\(scene.place.dataFolder)/head.json"))
    let first = try HostProcess(scene.launch())
    var client = try await first.client()
    #expect(try await scene.loss(client)["rung"] == "newest")
    let answer = try await client.json("POST", "/recovery/acknowledge")
    #expect(answer.status == 200)
    #expect(answer.json["acknowledged"]?["lost"]?.arrayValue?.count == 1)
    #expect(try await client.json("POST", "/recovery/acknowledge").json["acknowledged"] == .null)
    #expect(try await client.json("POST", "/recovery/acknowledge", "{\"all\":1}").status == 422)
    first.kill(SIGTERM)
    #expect(await first.wait() == 0)
    // The generations are missing still, and that is known.
    let second = try HostProcess(scene.launch())
    client = try await second.client()
    #expect(try await second.first("host.started")["lost"]?.arrayValue?.count == 1)
    #expect(try await scene.loss(client) == .null)
    second.kill(SIGTERM)
    #expect(await second.wait() == 0)
  }
}
