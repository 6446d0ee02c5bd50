import ControlIngress
import Documents
import Foundation
import HostClient
import HostHarness
import StudioState
import Testing

// Real host processes, real sockets, real disk.

@Test(.takingTurns) func aSecondHostOnTheFolderExits75AndSaysWhoHoldsIt() async throws {
  let folder = try ScenarioFolder()
  let first = try HostProcess(dataFolder: folder.path)
  _ = try await first.first("host.started")
  let second = try HostProcess(dataFolder: folder.path)
  #expect(await second.wait() == 75)
  #expect(second.spoken.contains("\(first.process.processIdentifier)"))
  first.kill(SIGTERM)
  #expect(await first.wait() == 0)
}

@Test(.takingTurns) func aBusyPortIsAClearErrorAndNothingIsLost() async throws {
  let folder = try ScenarioFolder()
  let other = try ScenarioFolder()
  let first = try HostProcess(dataFolder: folder.path)
  let http = try #require(try await first.first("host.started")["http"]?.stringValue)
  let second = try HostProcess(dataFolder: other.path, ["--http", http])
  #expect(await second.wait() == 75)
  #expect(second.spoken.contains(http))
  first.kill(SIGTERM)
  #expect(await first.wait() == 0)
}

@Test(.takingTurns, arguments: [["--ring", "1"], ["--osc", "nowhere"], ["--debounce-ms", "soon"], ["--unknown"]])
func unusableFlagsExit64(flags: [String]) async throws {
  let folder = try ScenarioFolder()
  let host = try HostProcess(dataFolder: folder.path, flags)
  #expect(await host.wait() == 64)
  #expect(!host.spoken.isEmpty)
}

@Test(.takingTurns) func aSIGTERMStoresWhatIsPendingAndExits0() async throws {
  let folder = try ScenarioFolder()
  let host = try HostProcess(dataFolder: folder.path, ["--demo", "--debounce-ms", "60000", "--max-delay-ms", "60000"])
  let client = try await host.client()
  let answer = try await client.json("PUT", "/layers/plasma/parameters/mix", "{\"value\":0.9}")
  #expect(answer.status == 202)
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
  let stopped = try await host.first("host.stopped")
  #expect(stopped["flush"] == "stored")
  #expect(stopped["unsaved"] == 0)
  let again = try HostProcess(dataFolder: folder.path)
  #expect(try await again.client().parameter("plasma", "mix") == 0.9)
  again.kill(SIGTERM)
  #expect(await again.wait() == 0)
}

@Test(.takingTurns) func aShutdownWithNothingPendingStoresNothing() async throws {
  let folder = try ScenarioFolder()
  let host = try HostProcess(dataFolder: folder.path)
  _ = try await host.client()
  host.kill(SIGINT)
  #expect(await host.wait() == 0)
  #expect(try await host.first("host.stopped")["flush"] == "nothing-pending")
  #expect(host.lines("persistence.stored").isEmpty)
}

@Test(.takingTurns) func settledOSCValuesAreGoneAfterARestartAndStoredLiveValuesAreNot() async throws {
  let folder = try ScenarioFolder()
  let host = try HostProcess(dataFolder: folder.path, ["--demo", "--debounce-ms", "5"])
  let client = try await host.client()
  let port = try await host.oscPort()
  OSCSender.send([("/studio/layers/plasma/parameters/mix", [.float(0.75)]), ("/studio/live/store", [])], to: port)
  try await eventually { try await client.parameter("plasma", "mix") == 0.75 }
  OSCSender.send([("/studio/layers/plasma/parameters/speed", [.float(0.875)])], to: port)
  try await eventually { try await client.parameter("plasma", "speed", view: "effective") == 0.875 }
  // Settled values need no request, so there is none to wait for; the restart may come before or after the settling.
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
  let again = try HostProcess(dataFolder: folder.path)
  let reopened = try await again.client()
  #expect(try await reopened.parameter("plasma", "mix", view: "effective") == 0.75)
  #expect(try await reopened.parameter("plasma", "speed", view: "effective") == 0.5)
  again.kill(SIGTERM)
  #expect(await again.wait() == 0)
}

@Test(.takingTurns) func nanOverOSCAndHTTPIsRefusedAndEverythingElseStillStores() async throws {
  let folder = try ScenarioFolder()
  let host = try HostProcess(dataFolder: folder.path, ["--demo", "--debounce-ms", "5"])
  let client = try await host.client()
  OSCSender.send(
    [("/studio/layers/plasma/parameters/mix", [.float(.nan)]), ("/studio/live/store", [])],
    to: try await host.oscPort())
  #expect(try await client.json("PUT", "/layers/plasma/parameters/mix", "{\"value\":NaN}").status == 400)
  #expect(try await client.json("PUT", "/layers/plasma/parameters/mix", "{\"value\":1e999}").status == 400)
  let good = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.625}")
  #expect(good.status == 200)
  #expect(good.json["stored"] == true)
  #expect(try await client.json("GET", "/health").json["osc"]?["refused"] == 1)
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

@Test(.takingTurns) func anEventStreamThatNobodyReadsDoesNotHoldTheShutdown() async throws {
  let folder = try ScenarioFolder()
  let host = try HostProcess(dataFolder: folder.path, ["--demo"])
  let client = try await host.client()
  let stream = Process()
  stream.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  stream.arguments = ["curl", "-sN", "--limit-rate", "1", "http://\(client.address)/api/v1/events"]
  stream.standardOutput = FileHandle.nullDevice
  try stream.run()
  try await eventually { try await client.json("GET", "/health").status == 200 }
  // Far beyond the budget, on a machine that has other things to do; without an end of the stream it would be never.
  host.kill(SIGTERM)
  try await eventually(within: .seconds(20), "the end of the host") { !host.process.isRunning }
  #expect(await host.wait() == 0)
  #expect(try await host.first("host.stopped")["flush"] != "timed-out")
  stream.terminate()
}

@Test(.takingTurns, arguments: ["garbage", "empty", "foreign"])
func aFileThatIsNoDatabaseIsMovedAsideAndTheShowGoesOnAir(kind: String) async throws {
  let folder = try ScenarioFolder()
  let path = folder.path + "/state.db"
  switch kind {
  case "garbage": try Data(repeating: 0x42, count: 5000).write(to: URL(fileURLWithPath: path))
  case "empty": try Data().write(to: URL(fileURLWithPath: path))
  default: try await Program.run(["sqlite3", path, "CREATE TABLE other(x); INSERT INTO other VALUES (1);"])
  }
  let host = try HostProcess(dataFolder: folder.path, ["--demo", "--debounce-ms", "5"])
  let client = try await host.client()
  let config = try await client.json("PUT", "/config?wait=stored", "{\"frameRate\":25.0}")
  #expect(config.status == 200)
  if kind != "empty" {
    let quarantine = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/quarantine")
    #expect(!quarantine.isEmpty)
  }
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

@Test(.takingTurns) func readersNeverDisturbAStoringHost() async throws {
  let folder = try ScenarioFolder()
  let host = try HostProcess(dataFolder: folder.path, ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"])
  let client = try await host.client()
  let path = folder.path + "/state.db"
  let shells = (0..<3).map { _ in
    Task {
      for _ in 0..<20 {
        try await Program.run(["sqlite3", "-readonly", path, "SELECT count(*) FROM generation_parameters"])
      }
    }
  }
  for step in 0..<60 {
    let answer = try await client.json(
      "PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":\(Double(step) / 100)}")
    #expect(answer.status == 200)
  }
  for shell in shells { try await shell.value }
  #expect(host.lines("persistence.failed").isEmpty)
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}
