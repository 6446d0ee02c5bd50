import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// A closed terminal sends SIGHUP to what was started in it.

/// `env` lets the signal act as it does for a program started in a terminal, whoever runs the tests.
private let inATerminal = ["--default-signal=HUP"]

@Test(.takingTurns) func aHostEndsInOrderWhenItsTerminalIsClosed() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(
    HostLaunch(dataFolder: data, ["--demo", "--debounce-ms", "60000", "--max-delay-ms", "60000"], prefix: inATerminal))
  let client = try await host.client()
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix", "{\"value\":0.25}")
  host.kill(SIGHUP)
  #expect(await host.wait() == 0)
  #expect(try await host.first("host.stopped")["flush"] == "stored")
  let shown = try await ToolRun.run(["--data-dir", data, "--output", "json", "show", "current"]).json()
  let plasma = shown["state"]?["layers"]?.arrayValue?.first { $0["id"] == "plasma" }
  #expect(plasma?["parameters"]?["mix"] == 0.25, "the last change is stored")
  let doctor = try await ToolRun.run(["--data-dir", data, "--output", "json", "doctor"]).json()
  #expect(doctor["crashLoop"]?["crashes"] == 0, "such an end is not a crash")
}

@Test(.takingTurns) func aHostUnderNohupOutlivesItsTerminal() async throws {
  let folder = try ScenarioFolder()
  let host = try HostProcess(
    HostLaunch(dataFolder: folder.path + "/data", ["--demo"], prefix: inATerminal + ["nohup"]))
  let client = try await host.client()
  host.kill(SIGHUP)
  for value in [0.25, 0.5] {
    let answer = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":\(value)}")
    #expect(answer.status == 200)
  }
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}
