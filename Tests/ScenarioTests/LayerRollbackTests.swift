import Documents
import Foundation
import HostClient
import HostHarness
import StudioState
import Testing

/// A layer in the middle whose package is no longer installed: rolled back through a running host and without one.
@Test(.takingTurns) func aLayerRolledBackThroughTheHostAndWithoutItIsTheSameState() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let copy = folder.path + "/copy"
  let target = try await makeShowThatLostALayer(data)
  try await Program.run(["cp", "-r", data, copy])
  let flags = ["--debounce-ms", "0", "--max-delay-ms", "0"]

  let dry = try await ToolRun.run(rollback(copy, target, ["--dry-run"]))
  let offline = try await ToolRun.run(rollback(copy, target, ["--yes"]))
  #expect(offline.exit == 0, "\(offline.errors)")

  let host = try HostProcess(dataFolder: data, flags)
  let client = try await host.client()
  let dryOnline = try await ToolRun.run(rollback(data, target, ["--dry-run"]))
  let online = try await ToolRun.run(rollback(data, target, ["--yes"]))
  #expect(online.exit == 0, "\(online.errors)")
  #expect(try dry.json()["changes"] == dryOnline.json()["changes"])

  let state = try await client.json("GET", "/state").json
  #expect(state["layers"]?.arrayValue?.map { $0["id"] } == ["bars", "extra", "plasma"], "it lies where it lay")
  #expect(try await client.parameter("extra", "gain") == 0.75)
  let set = try await client.json("PUT", "/layers/extra/parameters/gain?wait=stored", "{\"value\":0.125}")
  #expect(set.status == 200, "its parameters can be set: the package came along")
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)

  let here = try await ToolRun.run(["--data-dir", copy, "--output", "json", "show", "current"]).json()
  let there = try await ToolRun.run(["--data-dir", data, "--output", "json", "show", "previous"]).json()
  #expect(here["state"]?["layers"] == there["state"]?["layers"])
  #expect(here["state"]?["config"] == there["state"]?["config"])
}

private func rollback(_ data: String, _ target: String, _ flags: [String]) -> [String] {
  ["--data-dir", data, "--output", "json", "rollback", target, "--only", "layer:extra"] + flags
}

/// - Returns: the generation that has the layer `extra` between `bars` and `plasma`.
private func makeShowThatLostALayer(_ data: String) async throws -> String {
  let package = data + "/packages/custom.fs"
  try FileManager.default.createDirectory(atPath: data + "/packages", withIntermediateDirectories: true)
  try Data("/*{\"INPUTS\":[{\"NAME\":\"gain\",\"TYPE\":\"float\",\"DEFAULT\":0.5}]}*/\n".utf8)
    .write(to: URL(fileURLWithPath: package))
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"])
  let client = try await host.client()
  let added = try await client.json(
    "POST", "/layers?wait=stored", "{\"id\":\"extra\",\"package\":\"custom\",\"at\":1,\"parameters\":{\"gain\":0.75}}")
  _ = try await client.json("DELETE", "/layers/extra?wait=stored")
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
  try FileManager.default.removeItem(atPath: package)
  return "\(try #require(added.json["generation"]?.intValue))"
}
