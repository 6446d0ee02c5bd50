import Documents
import Foundation
import HostClient
import HostHarness
import StudioState
import Testing

// The tool beside a host that can't store, and beside one that stores in its second folder.

private let quick = ["--demo", "--debounce-ms", "20", "--max-delay-ms", "200"]

private func change(_ client: HostClient, _ mix: Double) async throws {
  let answer = try await client.json("PUT", "/layers/plasma/parameters/mix", "{\"value\":\(mix)}")
  #expect(answer.status == 202)
}

private func mix(_ state: JSONValue?) -> JSONValue? {
  state?["layers"]?.arrayValue?.first { $0["id"] == "plasma" }?["parameters"]?["mix"]
}

@Test(.takingTurns, .enabled(if: Program.path(of: "sqlite3") != nil))
func anExportBesideAHostThatCanNotStoreHasWhatIsUnsaved() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, quick)
  let client = try await host.client()
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  let shell = try DatabaseShell(data + "/state.db")
  try await shell.run("BEGIN IMMEDIATE;")
  try await change(client, 0.75)
  try await eventually("a failure") { !host.lines("persistence.failed").isEmpty }

  let file = folder.path + "/show.json"
  let run = try await ToolRun.run(["--data-dir", data, "--output", "json", "export", "--to", file])
  #expect(run.exit == 0, "\(run.errors)")
  #expect(try run.json()["unsaved"] == true)
  let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
  #expect(mix(try JSONParser.parse(bytes, limits: .init(bytes: 1 << 20))) == 0.75)
  let piped = try await ToolRun.run(["--data-dir", data, "export", "--to", "-"])
  #expect(mix(try piped.json()) == 0.75)
  #expect(!FileManager.default.fileExists(atPath: "-"))

  let stored = try await ToolRun.run(["--data-dir", data, "export", "current", "--to", "-"])
  #expect(mix(try stored.json()) == 0.25)
  #expect(stored.errors.contains("unsaved changes that are newer"), "\(stored.errors)")
  let status = try await ToolRun.run(["--data-dir", data, "status"])
  #expect(status.output.contains("DO NOT STOP THE HOST"), "\(status.output)")
  let rollback = try await ToolRun.run(["--data-dir", data, "rollback", "1", "--yes"])
  #expect(rollback.exit == 75)
  #expect(rollback.errors.contains("do not stop the host"), "\(rollback.errors)")

  try await shell.end()
  try await eventually("nothing unsaved") {
    try await client.json("GET", "/health").json["persistence"]?["unsavedChanges"] == false
  }
  let later = try await ToolRun.run(["--data-dir", data, "--output", "json", "export", "--to", file + "-2"])
  #expect(try later.json()["unsaved"] == false)
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

@Test(.takingTurns, .enabled(if: Program.path(of: "sqlite3") != nil))
func theToolFollowsTheHostToItsSecondFolder() async throws {
  let folder = try ScenarioFolder()
  let (data, second) = (folder.path + "/data", folder.path + "/second")
  let host = try HostProcess(dataFolder: data, quick + ["--fallback-dir", second])
  let client = try await host.client()
  let first = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  let before = try #require(first.json["generation"]?.intValue)
  let shell = try DatabaseShell(data + "/state.db")
  try await shell.run("BEGIN IMMEDIATE;")
  try await change(client, 0.75)
  try await eventually(within: .seconds(20), "a failover") {
    try await client.json("GET", "/health").json["persistence"]?["failover"]?["folder"]?.stringValue == second
  }
  let list = try await ToolRun.run(["--data-dir", data, "--output", "json", "list"])
  #expect(list.errors.contains("the host stores in \(second)"), "\(list.errors)")
  let newest = try #require(try list.json()["generations"]?.arrayValue?.first?["id"]?.intValue)
  #expect(newest > before)
  let shown = try await ToolRun.run(["--data-dir", data, "--output", "json", "show", "current"]).json()
  #expect(mix(shown["state"]) == 0.75)
  let status = try await ToolRun.run(["--data-dir", data, "--output", "json", "status"])
  #expect(try status.json()["ring"]?["newest"]?.intValue == newest)
  #expect(status.errors.contains(second), "\(status.errors)")
  // Changing commands go through the host, which knows the folder in use.
  let pin = try await ToolRun.run(["--data-dir", data, "--output", "json", "pin", "current", "--label", "here"])
  #expect(try pin.json()["generation"]?.intValue == newest, "\(pin.errors)")
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.5}")
  let rollback = try await ToolRun.run(["--data-dir", data, "rollback", "here", "--yes"])
  #expect(rollback.exit == 0, "\(rollback.errors)")
  #expect(try await client.parameter("plasma", "mix") == 0.75)
  try await shell.end()
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

@Test(.takingTurns, .enabled(if: Program.path(of: "sqlite3") != nil))
func aDryRunBesideAHostForecastsWhatItWouldDoToTheShowOnAir() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, quick)
  let client = try await host.client()
  let first = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  let target = "\(try #require(first.json["generation"]?.intValue))"
  let shell = try DatabaseShell(data + "/state.db")
  try await shell.run("BEGIN IMMEDIATE;")
  try await change(client, 0.75)
  let dry = try await ToolRun.run(["--data-dir", data, "--output", "json", "rollback", target, "--dry-run"])
  #expect(try dry.json()["changes"] == [["path": "layers.plasma.parameters.mix", "before": 0.75, "after": 0.25]])
  try await shell.end()
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}
