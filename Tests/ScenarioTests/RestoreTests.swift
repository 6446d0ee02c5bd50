import Documents
import Foundation
import GenerationStore
import HostClient
import HostHarness
import Studio
import StudioState
import Testing

// Backups and bare copies, with the real host and the real tool.

@Test(.takingTurns) func aBackupIsRestoredIntoTheFolderOfAStoppedHostOnly() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let backup = folder.path + "/backup.db"
  let arguments = ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"]
  let host = try HostProcess(dataFolder: data, arguments)
  let client = try await host.client()
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  #expect(try await ToolRun.run(["--data-dir", data, "backup", "--to", backup]).exit == 0)
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.75}")

  let busy = try await ToolRun.run(["--data-dir", data, "restore", backup, "--yes"])
  #expect(busy.exit == 75)
  #expect(busy.errors.contains("afterimage-host"), "\(busy.errors)")
  host.kill(SIGKILL)
  _ = await host.wait()

  let unasked = try await ToolRun.run(["--data-dir", data, "restore", backup])
  #expect(unasked.exit == 64, "there is no terminal")
  let run = try await ToolRun.run(["--data-dir", data, "--output", "json", "restore", backup, "--yes"])
  #expect(run.exit == 0, "\(run.errors)")
  let stored = try #require(try run.json()["stored"]?.intValue)
  #expect(try run.json()["quarantine"]?.stringValue?.hasSuffix("-before-restore") == true)

  let next = try HostProcess(dataFolder: data, arguments)
  let restored = try await next.client()
  #expect(try await restored.parameter("plasma", "mix") == 0.25)
  let started = try #require(next.lines("host.started").first)
  #expect(started["rung"] == "newest")
  #expect(started["generation"]?.intValue == stored)
  #expect(started["lost"]?.arrayValue?.isEmpty ?? true, "\(started)")
  next.kill(SIGTERM)
  #expect(await next.wait() == 0)
}

@Test(.takingTurns) func aDamagedBackupIsRefusedWithItsExitCode() async throws {
  let folder = try ScenarioFolder()
  let data = try folder.makeShow(3)
  let backup = folder.path + "/backup.db"
  try Data("SQLite format 3\0 and nothing else".utf8).write(to: URL(fileURLWithPath: backup))
  let run = try await ToolRun.run(["--data-dir", data, "restore", backup, "--yes"])
  #expect(run.exit == 65, "\(run.errors)")
  #expect(try await ToolRun.run(["--data-dir", data, "restore", folder.path + "/none.db", "--yes"]).exit == 66)
}

@Test(.takingTurns) func aBackupCopiedOverTheDatabaseOfAKilledHostIsWhatTheNextStartShows() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let backup = folder.path + "/backup.db"
  let arguments = ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"]
  let host = try HostProcess(dataFolder: data, arguments)
  let client = try await host.client()
  _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.25}")
  #expect(try await ToolRun.run(["--data-dir", data, "backup", "--to", backup]).exit == 0)
  for step in 1...5 {
    _ = try await client.json("PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":0.\(step + 3)}")
  }
  host.kill(SIGKILL)
  _ = await host.wait()
  let log = try FileManager.default.attributesOfItem(atPath: "\(data)/state.db-wal")[.size] as? Int
  try #require(log ?? 0 > 0)
  try Data(contentsOf: URL(fileURLWithPath: backup)).write(to: URL(fileURLWithPath: "\(data)/state.db"))

  let next = try HostProcess(dataFolder: data, arguments)
  #expect(try await next.client().parameter("plasma", "mix") == 0.25)
  let quarantine = try FileManager.default.contentsOfDirectory(atPath: "\(data)/quarantine")
  #expect(quarantine.contains { $0.hasSuffix("-foreign-log") }, "\(quarantine)")
  next.kill(SIGTERM)
  #expect(await next.wait() == 0)
}

@Test(.takingTurns) func aShowThatChangesAllTheTimeIsSoonInTheDatabaseAlone() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0", "--max-delay-ms", "0"])
  let client = try await host.client()
  var generation: Int64 = 0
  var inDatabase: Int64 = 0
  // Never two seconds without a change, and far less than a mebibyte of them.
  for step in 1...120 where inDatabase < 20 {
    let answer = try await client.json(
      "PUT", "/layers/plasma/parameters/mix?wait=stored", "{\"value\":\(Double(step) / 1000)}")
    generation = answer.json["generation"]?.intValue ?? generation
    inDatabase = (try? newestInBareCopy(data, folder.path + "/bare")) ?? 0
    try await Task.sleep(for: .milliseconds(100))
  }
  #expect(inDatabase >= 20, "generation \(generation) is stored")
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}

/// The newest generation in a copy of `state.db` without its log; a copy that was made during a checkpoint may be torn.
private func newestInBareCopy(_ data: String, _ copy: String) throws -> Int64 {
  try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
  let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(data)/state.db"))
  try bytes.write(to: URL(fileURLWithPath: "\(copy)/state.db"))
  let reader = try GenerationReader.open(.studio, databasePath: "\(copy)/state.db", leavingNoTrace: true)
  defer { reader.close() }
  return try reader.head()?.generation ?? 0
}
