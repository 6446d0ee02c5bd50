import ControlIngress
import Documents
import Foundation
import GenerationStore
import HostClient
import HostHarness
import Studio
import StudioState
import Testing

// The tool beside a host that runs: what goes through it, and what must not disturb it.

@Test(.takingTurns) func backupsBesideAStoringHostAreWholeAndAsNewAsWhatWasTold() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0", "--ring", "16"])
  let client = try await host.client()
  let changes = Task {
    var step = 0
    while !Task.isCancelled {
      step += 1
      let body = "{\"value\":\(Double(step % 1000) / 1000)}"
      guard (try? await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", body)) != nil else { break }
    }
    return step
  }
  for round in 0..<8 {
    // Something has to come between two backups.
    let before = host.lines("persistence.stored").count
    for _ in 0..<1000 where host.lines("persistence.stored").count < before + 10 {
      try await Task.sleep(for: .milliseconds(5))
    }
    let told = host.lines("persistence.stored").compactMap { $0["generation"]?.intValue }.max() ?? 0
    let path = folder.path + "/backup-\(round).db"
    let run = try await ToolRun.run(["--data-dir", data, "--output", "json", "backup", "--to", path])
    #expect(run.exit == 0, "\(run.errors)")
    let newest = try check(path, round)
    #expect(newest >= told, "round \(round)")
    #expect(try run.json()["generation"]?.intValue == newest)
  }
  changes.cancel()
  #expect(await changes.value > 80)
  #expect(host.lines("persistence.failed").isEmpty)
  let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
  #expect(Set(files) == Set(["data"] + (0..<8).map { "backup-\($0).db" }), "nothing half is left")
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

/// The newest generation of a backup, after everything in it was checked.
private func check(_ path: String, _ round: Int) throws -> Int64 {
  let reader = try GenerationReader.open(.studio, databasePath: path, leavingNoTrace: true)
  defer { reader.close() }
  #expect(try reader.integrityProblems() == [], "round \(round)")
  let generations = try reader.list()
  for summary in generations { #expect(try reader.verify(summary.generation) == [], "round \(round)") }
  return generations.first?.generation ?? 0
}

@Test(.takingTurns) func aLayerIsRolledBackThroughTheRunningHost() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"])
  let client = try await host.client()
  let first = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  let target = "\(try #require(first.json["generation"]?.intValue))"
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.75}")
  _ = try await client.json("PUT", "/layers/bars/opacity?wait=stored", "{\"value\":0.5}")

  let dry = try await ToolRun.run(
    ["--data-dir", data, "--output", "json", "rollback", target, "--only", "layer:plasma", "--dry-run"])
  #expect(try dry.json()["changes"] == [["path": "layers.plasma.parameters.mix", "before": 0.75, "after": 0.25]])
  #expect(try await client.parameter("plasma", "mix") == 0.75)

  #expect(try await ToolRun.run(["--data-dir", data, "rollback", target, "--only", "layer:plasma", "--yes"]).exit == 0)
  #expect(try await client.parameter("plasma", "mix") == 0.25)
  let bars = try await client.json("GET", "/state").json["layers"]?.arrayValue?.first { $0["id"] == "bars" }
  #expect(bars?["opacity"] == 0.5, "the other layer stays as it is")

  _ = try await client.json("DELETE", "/layers/plasma?wait=stored")
  #expect(try await ToolRun.run(["--data-dir", data, "rollback", target, "--only", "layer:plasma", "--yes"]).exit == 0)
  #expect(try await client.parameter("plasma", "mix") == 0.25, "a layer that is gone comes back")

  let missing = try await ToolRun.run(["--data-dir", data, "rollback", target, "--only", "layer:nobody", "--yes"])
  #expect(missing.exit == 66)
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

@Test(.takingTurns) func anImportGoesThroughTheRunningHost() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"])
  let client = try await host.client()
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  let export = folder.path + "/show.json"
  #expect(try await ToolRun.run(["--data-dir", data, "export", "current", "--to", export]).exit == 0)
  _ = try await client.json("DELETE", "/layers/plasma?wait=stored")
  let run = try await ToolRun.run(["--data-dir", data, "--output", "json", "import", export])
  #expect(run.exit == 0, "\(run.errors)")
  #expect(try await client.parameter("plasma", "mix", view: "effective") == 0.25)
  let shown = try await ToolRun.run(["--data-dir", data, "--output", "json", "show", "current"]).json()
  #expect(shown["generation"]?["origin"] == "import")
  #expect(try run.json()["stored"] == shown["generation"]?["id"])

  try Data("{\"layers\":7}".utf8).write(to: URL(fileURLWithPath: export))
  #expect(try await ToolRun.run(["--data-dir", data, "import", export]).exit == 65)
  #expect(try await ToolRun.run(["--data-dir", data, "import", folder.path + "/nothing"]).exit == 66)
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

@Test(.takingTurns) func metricsCountWhatCameIn() async throws {
  let folder = try ScenarioFolder()
  let host = try HostProcess(dataFolder: folder.path + "/data", ["--demo"])
  let client = try await host.client()
  for _ in 0..<3 { _ = try await client.json("PUT", "/layers/plasma/parameters/mix", "{\"value\":0.25}") }
  #expect(try await client.json("PUT", "/layers/plasma/parameters/mix", "{\"value\":7}").status == 422)
  OSCSender.send([("/studio/layers/plasma/parameters/speed", [.float(0.75)])], to: try await host.oscPort())
  try await eventually("the live value") {
    let text = String(decoding: try await client.request("GET", "/metrics", timeout: .seconds(5)).body, as: UTF8.self)
    return text.contains("afterimage_mutations_total{class=\"transient\"} 1")
      && text.contains("afterimage_mutations_total{class=\"durable\"} 3")
      && text.contains("afterimage_mutations_total{class=\"refused\"} 1")
      && text.contains("afterimage_http_requests_total{status=\"4xx\"} 1")
  }
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

@Test(.takingTurns) func theShellGivesRowsAndExitCodesOfTheContract() async throws {
  let folder = try ScenarioFolder()
  let shell = ["--data-dir", try folder.makeShow(), "shell"]
  let rows = try await ToolRun.run(["--output", "json"] + shell + ["SELECT generation FROM generations"])
  #expect(rows.exit == 0, "\(rows.errors)")
  #expect(try rows.json() == ["rows": [["generation": 1], ["generation": 2], ["generation": 3]]])
  #expect(
    try await ToolRun.run(["--output", "json"] + shell + ["SELECT 1 WHERE 0"]).json() == ["rows": []])
  #expect(try await ToolRun.run(shell + ["SELECT count(*) FROM generations"]).output == "3\n")
  #expect(try await ToolRun.run(shell + ["SELEC"]).exit == 64)
  #expect(try await ToolRun.run(shell + ["DELETE FROM generation"]).exit == 77)
  try FileManager.default.createDirectory(atPath: folder.path + "/rubbish", withIntermediateDirectories: false)
  try Data(repeating: 0x42, count: 5000).write(to: URL(fileURLWithPath: folder.path + "/rubbish/state.db"))
  #expect(try await ToolRun.run(["--data-dir", folder.path + "/rubbish", "shell", "SELECT 1"]).exit == 65)
  #expect(try await ToolRun.run(["--data-dir", folder.path + "/rubbish", "status"]).exit == 1)
}

/// The stored generation holds the header of every package in use, so that a layer comes back without the file.
@Test(.takingTurns, arguments: [true, false])
func aLayerComesBackThoughItsPackageIsGone(isHostRunning: Bool) async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let package = data + "/packages/custom.fs"
  try FileManager.default.createDirectory(atPath: data + "/packages", withIntermediateDirectories: true)
  try Data("/*{\"INPUTS\":[{\"NAME\":\"gain\",\"TYPE\":\"float\",\"DEFAULT\":0.5}]}*/\n".utf8)
    .write(to: URL(fileURLWithPath: package))
  let flags = ["--debounce-ms", "0", "--max-delay-ms", "0"]
  let first = try HostProcess(dataFolder: data, ["--demo"] + flags)
  let client = try await first.client()
  let added = try await client.json("POST", "/layers?wait=stored", "{\"id\":\"extra\",\"package\":\"custom\"}")
  let target = "\(try #require(added.json["generation"]?.intValue))"
  _ = try await client.json("DELETE", "/layers/extra?wait=stored")
  first.kill(SIGTERM)
  #expect(await first.wait() == 0)
  try FileManager.default.removeItem(atPath: package)

  var second = isHostRunning ? try HostProcess(dataFolder: data, flags) : nil
  if let second { _ = try await second.client() }
  let run = try await ToolRun.run(["--data-dir", data, "rollback", target, "--only", "layer:extra", "--yes"])
  #expect(run.exit == 0, "\(run.errors)")
  second = try second ?? HostProcess(dataFolder: data, flags)
  let host = try #require(second)
  #expect(try await host.client().parameter("extra", "gain") == 0.5)
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

@Test(.takingTurns) func theDoctorKnowsWhoRunsAndWhoRan() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0", "--proving-seconds", "3600"])
  let client = try await host.client()
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  let running = try await ToolRun.run(["--data-dir", data, "--output", "json", "doctor"])
  #expect(running.exit == 0, "\(running.output)")
  #expect(try running.json()["host"]?["running"] == true)
  #expect(try running.json()["host"]?["health"]?["persistence"]?["state"] == "saved")
  host.kill(SIGKILL)
  #expect(await host.wait() == -SIGKILL)
  let before = try FileManager.default.contentsOfDirectory(atPath: data).sorted()
  let killed = try await ToolRun.run(["--data-dir", data, "--output", "json", "doctor"])
  #expect(killed.exit == 0, "\(killed.output)")
  #expect(try killed.json()["host"]?["running"] == false)
  #expect(try killed.json()["crashLoop"]?["crashes"] == 1)
  #expect(try FileManager.default.contentsOfDirectory(atPath: data).sorted() == before)
}
