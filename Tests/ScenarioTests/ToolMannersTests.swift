import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// Behaviour that scripts and operators rely on besides exit codes: errors as JSON, the environment, each notice once.

private let errors: [(arguments: [String], code: String, exit: Int32)] = [
  (["show", "99"], "noInput", 66), (["pin", "1", "--label", "current"], "usage", 64), (["mend"], "usage", 64),
  (["rollback", "1"], "usage", 64), (["export", "1", "--to", "/"], "outputExists", 73), (["shell"], "usage", 64),
]

@Test(.takingTurns, arguments: errors.indices)
func anErrorUnderJSONIsTheOneObjectOnStandardOutput(index: Int) async throws {
  let (arguments, code, exit) = errors[index]
  let folder = try ScenarioFolder()
  let data = try folder.makeShow()
  for form in [["--output", "json"], ["--output=json"]] {
    let run = try await ToolRun.run(["--data-dir", data] + form + arguments)
    #expect(run.exit == exit, "\(arguments)")
    #expect(run.errors.isEmpty, "\(run.errors)")
    let error = try run.json()["error"]
    #expect(error?["code"]?.stringValue == code)
    #expect(error?["message"]?.stringValue?.isEmpty == false)
    #expect(error?["remedy"] != nil)
  }
}

@Test(.takingTurns) func helpUnderJSONIsStillForPeople() async throws {
  let run = try await ToolRun.run(["--output", "json", "help"])
  #expect(run.exit == 0)
  #expect(run.output.contains("OVERVIEW"))
}

@Test(.takingTurns) func hostAndToolReadTheSameEnvironment() async throws {
  let folder = try ScenarioFolder()
  let data = try folder.makeShow()
  let ways = ["AFTERIMAGE_DATA_DIR=\(data)", "STATE_DIRECTORY=\(data):\(folder.path)/other"]
  for way in ways {
    #expect(try await ToolRun.run(["list"], before: [way]).exit == 0, "\(way)")
    // A host says where it is in use; the flag --data-dir is left out.
    let host = try HostProcess(HostLaunch(dataFolder: data))
    _ = try await host.client()
    let addresses = ["--osc", "127.0.0.1:0", "--http", "127.0.0.1:0"]
    let second = try await Program.result([way, "\(HostProcess.binaries)/afterimage-host"] + addresses)
    #expect(second.status == 75, "\(second.output)")
    #expect(second.output.contains("\(data) is in use"), "\(second.output)")
    host.kill(SIGTERM)
    #expect(await host.wait() == 0)
  }
}

@Test(.takingTurns) func aDatabaseInThePlaceOfTheFolderIsNamedAsSuch() async throws {
  let folder = try ScenarioFolder()
  let data = try folder.makeShow()
  for command in [["list"], ["status"], ["doctor"], ["rollback", "1", "--yes"], ["export", "--to", "-"]] {
    let run = try await ToolRun.run(["--data-dir", data + "/state.db"] + command)
    #expect(run.exit == 66, "\(command)")
    #expect(run.errors.contains("--data-dir \(data)"), "\(command): \(run.errors)")
  }
  let host = try HostProcess(dataFolder: data + "/state.db")
  #expect(await host.wait() == 78)
  #expect(host.spoken.contains("Name the folder that holds it"), "\(host.spoken)")
}

/// stdout and stderr lead to one file, as they do under systemd.
@Test(.takingTurns) func eachNoticeAppearsOnce() async throws {
  let folder = try ScenarioFolder()
  let data = try folder.makeShow()
  try await Program.run(["chmod", "755", data])
  try Data("{\"generation\":9,\"sequence\":9,\"storedAtUnixMs\":1}\n".utf8)
    .write(to: URL(fileURLWithPath: data + "/head.json"))
  let log = folder.path + "/log"
  let command =
    "\(HostProcess.binaries)/afterimage-host --data-dir \(data) --osc 127.0.0.1:0 --http 127.0.0.1:0 --log-format json"
    + " > \(log) 2>&1 & host=$!; for i in $(seq 1 500); do grep -q host.started \(log) && break; sleep 0.02; done;"
    + " kill -TERM $host; wait $host"
  _ = try await Program.result(["bash", "-c", command])
  let text = try String(contentsOfFile: log, encoding: .utf8)
  for notice in ["generation 9 was stored once", "is open to other users"] {
    let lines = text.split(separator: "\n").filter { $0.contains("host.notice") && $0.contains(notice) }
      // The loss that follows from it is a notice of its own, and quotes it.
      .filter { !$0.contains("not acknowledged") }
    #expect(lines.count == 1, "\(notice): \(lines)")
  }
}
