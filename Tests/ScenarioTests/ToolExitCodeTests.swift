import Documents
import Foundation
import GenerationStore
import HostHarness
import StudioState
import Testing

// Every exit code that can be brought about, and the manners that scripts rely on.

private struct Call: Sendable {
  var exit: Int32
  /// DIR is the data folder, TMP a folder of the test.
  var arguments: [String]
  /// A part of what stands on stderr.
  var words = ""
}

private let calls = [
  Call(exit: 0, arguments: ["--data-dir", "DIR", "list"]),
  Call(exit: 0, arguments: ["list", "--data-dir", "DIR", "--output", "json"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "list", "--retention"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "show", "previous"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "verify", "--all"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "doctor"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "doctor", "--fallback-dir", "TMP"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "status"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "rollback", "1", "--dry-run"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "rollback", "1", "--yes"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "pin", "2", "--label", "premiere"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "export", "2", "--to", "TMP/export.json"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "backup", "--to", "TMP/backup.db"]),
  Call(exit: 0, arguments: ["salvage", "DIR/state.db", "--to", "TMP/saved"]),
  Call(exit: 0, arguments: ["--data-dir", "DIR", "shell", "SELECT count(*) FROM generations"]),
  Call(exit: 1, arguments: ["--data-dir", "DIR", "diff", "1", "3"]),
  Call(exit: 1, arguments: ["--data-dir", "TMP/damaged", "status"]),
  Call(exit: 64, arguments: ["--data-dir", "DIR", "mend"], words: "Usage"),
  Call(exit: 64, arguments: ["--data-dir", "DIR", "verify", "1", "--all"], words: "not both"),
  Call(exit: 64, arguments: ["--data-dir", "DIR", "rollback", "1", "--only", "plasma"]),
  Call(exit: 64, arguments: ["--data-dir", "DIR", "rollback", "1"], words: "without a terminal"),
  Call(exit: 64, arguments: ["--data-dir", "DIR", "pin", "1", "--label", "current"], words: "already names"),
  Call(exit: 65, arguments: ["--data-dir", "DIR", "import", "TMP/rubbish"], words: "can't be imported"),
  Call(exit: 65, arguments: ["salvage", "TMP/rubbish", "--to", "TMP/saved"], words: "Nothing can be saved"),
  Call(exit: 65, arguments: ["--data-dir", "TMP/damaged", "list"], words: "afterimage salvage"),
  Call(exit: 66, arguments: ["--data-dir", "DIR", "show", "99"], words: "no generation \"99\""),
  Call(exit: 66, arguments: ["--data-dir", "DIR", "show", "0"], words: "no generation \"0\""),
  Call(exit: 66, arguments: ["--data-dir", "DIR", "show", "99999999999999999999"]),
  Call(exit: 66, arguments: ["--data-dir", "DIR", "show", "no such label"]),
  Call(exit: 66, arguments: ["--data-dir", "TMP/nowhere", "list"], words: "no database"),
  Call(exit: 66, arguments: ["--data-dir", "TMP/nowhere", "doctor"], words: "no folder"),
  Call(
    exit: 66, arguments: ["--data-dir", "DIR", "rollback", "1", "--only", "layer:gone", "--yes"], words: "no layer"),
  Call(exit: 66, arguments: ["--data-dir", "DIR", "import", "TMP/nowhere.json"]),
  Call(exit: 66, arguments: ["--data-dir", "DIR", "backup", "--to", "TMP/nowhere/b.db"], words: "no folder"),
  Call(exit: 66, arguments: ["salvage", "TMP/nowhere.db", "--to", "TMP/saved"]),
  Call(exit: 73, arguments: ["--data-dir", "DIR", "backup", "--to", "TMP/rubbish"], words: "left as it is"),
  Call(exit: 73, arguments: ["--data-dir", "DIR", "export", "1", "--to", "TMP/rubbish"], words: "left as it is"),
  Call(exit: 73, arguments: ["salvage", "DIR/state.db", "--to", "TMP"], words: "left as it is"),
  Call(exit: 78, arguments: ["--data-dir", "TMP/newer", "rollback", "1", "--yes"], words: "schema 99"),
]

@Test(.takingTurns, arguments: calls.indices)
func everyEndingHasItsExitCode(index: Int) async throws {
  let call = calls[index]
  let folder = try ScenarioFolder()
  let data = try folder.makeShow()
  try Data("rubbish".utf8).write(to: URL(fileURLWithPath: folder.path + "/rubbish"))
  let text = call.arguments.joined(separator: " ")
  if text.contains("newer") {
    _ = try folder.makeShow(name: "newer")
    try await Program.run(["sqlite3", folder.path + "/newer/state.db", "PRAGMA user_version = 99"])
  }
  if text.contains("damaged") {
    try FileManager.default.createDirectory(atPath: folder.path + "/damaged", withIntermediateDirectories: false)
    try Data(repeating: 0x42, count: 5000).write(to: URL(fileURLWithPath: folder.path + "/damaged/state.db"))
  }
  let arguments = call.arguments.map {
    $0.replacingOccurrences(of: "DIR", with: data).replacingOccurrences(of: "TMP", with: folder.path)
  }
  let run = try await ToolRun.run(arguments)
  #expect(run.exit == call.exit, "\(text): \(run.errors)")
  #expect(call.words.isEmpty || run.errors.contains(call.words), "\(text): \(run.errors)")
  // Data or a message, never one in the place of the other.
  if call.exit >= 64 {
    #expect(run.output.isEmpty, "\(text)")
    #expect(!run.errors.isEmpty, "\(text)")
  }
  #expect(!run.output.contains("\u{1B}"), "NO_COLOR is always honoured")
}

@Test(.takingTurns, arguments: ["list", "status", "doctor", "verify --all", "show current", "list --retention"])
func jsonIsOneObject(command: String) async throws {
  let folder = try ScenarioFolder()
  let data = try folder.makeShow()
  let run = try await ToolRun.run(
    ["--data-dir", data, "--output", "json"] + command.split(separator: " ").map(String.init))
  #expect(run.exit == 0, "\(run.errors)")
  #expect(try run.json().objectValue != nil)
  #expect(run.output.last == "\n")
}

@Test(.takingTurns) func damageEndsWith1() async throws {
  let folder = try ScenarioFolder()
  let data = try folder.makeShow()
  let path = "\(data)/head.json"
  try Data("{\"generation\":9,\"sequence\":9,\"storedAtUnixMs\":1}\n".utf8).write(to: URL(fileURLWithPath: path))
  let run = try await ToolRun.run(["--data-dir", data, "--output", "json", "doctor"])
  #expect(run.exit == 1)
  #expect(try run.json()["ok"] == false)
}

/// Reading without a trace takes a copy where there is a log; it goes also when it turns out to be no database.
@Test(.takingTurns) func noCopyIsLeftBehind() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let temporary = folder.path + "/temporary"
  for path in [data, temporary] {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }
  for name in ["state.db", "state.db-wal"] {
    try Data(repeating: 0x42, count: 5000).write(to: URL(fileURLWithPath: "\(data)/\(name)"))
  }
  let run = try await ToolRun.run(["--data-dir", data, "doctor"], before: ["TMPDIR=\(temporary)"])
  #expect(run.exit == 1, "\(run.errors)")
  #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
}

@Test(.takingTurns, .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"))
func anOutputThatCanNotBeWrittenEndsWith74() async throws {
  let folder = try ScenarioFolder()
  let data = try folder.makeShow()
  let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
  #expect(try await ToolRun.run(["--data-dir", data, "list"], output: full).exit == 74)
}

@Test(
  .takingTurns, .enabled(if: geteuid() == 0, "the test must run as root"),
  .enabled(if: Program.path(of: "setpriv") != nil, "setpriv is not installed"))
func aFolderOfSomebodyElseEndsWith77() async throws {
  let folder = try ScenarioFolder()
  let data = try folder.makeShow()
  let user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
  guard try await ToolRun.run(["--version"], before: user).exit == 0 else {
    try Test.cancel("another user may not run the tool where it was built")
  }
  // The way to the folder is open, the folder itself is not.
  try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
  let before = try FileManager.default.contentsOfDirectory(atPath: data).sorted()
  for command in [["list"], ["rollback", "1", "--yes"], ["doctor"]] {
    let run = try await ToolRun.run(["--data-dir", data] + command, before: user)
    #expect(run.exit == 77, "\(command): \(run.exit) \(run.errors)")
  }
  try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: data)
  for command in [["list"], ["rollback", "1", "--yes"], ["doctor"]] {
    let run = try await ToolRun.run(["--data-dir", data] + command, before: user)
    #expect(run.exit == 77, "\(command): \(run.exit) \(run.errors)")
  }
  #expect(try FileManager.default.contentsOfDirectory(atPath: data).sorted() == before)
}

@Test(.takingTurns) func aHostThatDoesNotAnswerEndsWith69() async throws {
  let folder = try ScenarioFolder()
  let data = folder.path + "/data"
  let host = try HostProcess(dataFolder: data, ["--demo", "--debounce-ms", "0"])
  _ = try await host.client()
  host.kill(SIGSTOP)
  let silent = try await ToolRun.run(["--data-dir", data, "status"])
  #expect(silent.exit == 69)
  let doctor = try await ToolRun.run(["--data-dir", data, "--output", "json", "doctor"])
  #expect(doctor.exit == 1)
  #expect(try doctor.json()["advice"]?.arrayValue?.first?["what"] == "the host runs and does not answer")
  host.kill(SIGCONT)
  host.kill(SIGTERM)
  #expect(await host.wait() == 0)
}
