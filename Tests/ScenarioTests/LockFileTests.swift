import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// Somebody reads "in use by afterimage-host", exit code 75, and deletes host.lock.

@Test(.takingTurns) func aDeletedLockFileLetsNoSecondHostIn() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"])
  let client = try await host.client()
  for round in 0..<3 {
    try FileManager.default.removeItem(atPath: data + "/host.lock")
    let second = try HostProcess(dataFolder: data)
    #expect(await second.wait() == 75, "round \(round)")
    #expect(second.spoken.contains("afterimage-host (process \(host.pid))"), "\(second.spoken)")
    let answer = try await client.json(
      "PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":\(Double(round + 1) / 8)}")
    #expect(answer.status == 200, "the first one goes on storing")
    try await eventually("the lock file of the first host") {
      (try? String(contentsOfFile: data + "/host.lock", encoding: .utf8))?.hasPrefix("\(host.pid)\n") == true
    }
  }
  #expect(host.lines("persistence.failed").isEmpty)
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

@Test(.takingTurns) func beforeItStoresAHostTakesItsDeletedLockAgain() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"])
  let client = try await host.client()
  try FileManager.default.removeItem(atPath: data + "/host.lock")
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  let lock = try String(contentsOfFile: data + "/host.lock", encoding: .utf8)
  #expect(lock.hasPrefix("\(host.pid)\n"))
  // The tool finds the host by its process, whether the lock file is there or not.
  try FileManager.default.removeItem(atPath: data + "/host.lock")
  let pinned = try await ToolRun.run(["--data-dir", data, "pin", "current", "--label", "now / later"])
  #expect(pinned.exit == 0, "\(pinned.errors)")
  let unpinned = try await ToolRun.run(["--data-dir", data, "unpin", "now / later"])
  #expect(unpinned.exit == 0, "\(unpinned.errors)")
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

/// A folder that was copied with its `host.json` beside a running host, or left behind by a killed one.
@Test(.takingTurns) func aCopiedOrAbandonedHostRecordKeepsNobodyOut() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"])
  let client = try await host.client()
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  try await Program.run(["cp", "-r", data, folder.path + "/copy"])
  let copy = try HostProcess(dataFolder: folder.path + "/copy")
  #expect(try await copy.client().parameter("plasma", "mix") == 0.25)
  copy.kill(SIGTERM)
  #expect(await copy.wait() == 0)
  host.kill(SIGKILL)
  #expect(await host.wait() == -SIGKILL)
  let next = try HostProcess(dataFolder: data)
  #expect(try await next.client().parameter("plasma", "mix") == 0.25)
  next.kill(SIGTERM)
  #expect(await next.wait() == 0)
}
