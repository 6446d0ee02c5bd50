import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// Damaged files at a start: the host goes on air each time, and reports the loss.

/// Damage to the files of a host that has ended, and the expected result of the next start.
struct Damage: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// Whether the previous host was killed and left its log, or ended cleanly.
  var wasKilled = false
  /// Words of a shell; `$D` is the folder.
  var script: String
  var rung: String
  /// A text that the journal must contain in its notices or losses.
  var told: String

  static let all = [
    Damage(
      testDescription: "database cut off, log there", wasKilled: true, script: ": > $D/state.db", rung: "partial",
      told: "was moved to"),
    Damage(
      testDescription: "database cut off", script: ": > $D/state.db", rung: "empty", told: "was stored once (head.json)"
    ),
    Damage(
      testDescription: "database missing, log there", wasKilled: true, script: "rm $D/state.db", rung: "partial",
      told: "without the database"),
    Damage(
      testDescription: "database missing", script: "rm $D/state.db", rung: "empty", told: "was stored once (head.json)"),
    Damage(
      testDescription: "database cut in half",
      script: "truncate -s $(($(stat -c %s $D/state.db) / 2048 * 1024)) $D/state.db",
      rung: "empty", told: "was moved to"),
    Damage(
      testDescription: "log cut in half", wasKilled: true,
      script: "truncate -s $(($(stat -c %s $D/state.db-wal) / 2)) $D/state.db-wal", rung: "newest", told: "are missing"),
    Damage(
      testDescription: "log deleted", wasKilled: true, script: "rm $D/state.db-wal $D/state.db-shm", rung: "newest",
      told: "are missing"),
    Damage(
      testDescription: "bits flipped in the log", wasKilled: true,
      script: "printf '\\377\\377\\377\\377' | dd of=$D/state.db-wal bs=1 seek=3000 conv=notrunc status=none",
      rung: "newest", told: "are missing"),
    Damage(
      testDescription: "header of the database overwritten",
      script: "head -c 100 /dev/zero | dd of=$D/state.db conv=notrunc status=none", rung: "salvaged",
      told: "was moved to"),
    Damage(
      testDescription: "16 bytes of the header overwritten",
      script: "head -c 16 /dev/urandom | dd of=$D/state.db conv=notrunc status=none", rung: "salvaged",
      told: "page by page"),
    Damage(
      testDescription: "garbage", script: "head -c 20000 /dev/urandom > $D/state.db", rung: "empty",
      told: "was moved to"),
    Damage(
      testDescription: "foreign database", script: "rm $D/state.db; sqlite3 $D/state.db 'CREATE TABLE other(x)'",
      rung: "empty", told: "is no Afterimage database"),
    Damage(
      testDescription: "newest document changed",
      script:
        "sqlite3 $D/state.db \"UPDATE document SET body = replace(body, 'mix', 'mux') WHERE document = (SELECT max(document) FROM document)\"",
      rung: "older", told: "generation"),
    Damage(
      testDescription: "high-water mark ahead",
      script: "echo '{\"generation\":1000,\"sequence\":1000,\"storedAtUnixMs\":0}' > $D/head.json", rung: "newest",
      told: "are missing"),
    Damage(
      testDescription: "replacement interrupted",
      script:
        "Q=$D/quarantine/20200101T000000Z-damaged; mkdir -p $Q; echo damaged > $Q/state.db; mv $D/state.db $Q/rebuilt.db",
      rung: "newest", told: "rebuilt before an interruption"),
  ]

  func apply(to place: Place) async throws {
    try await Program.run(["bash", "-c", "set -e; " + script.replacing("$D", with: place.dataFolder)])
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["bash", "dd", "truncate", "sqlite3"]), arguments: Damage.all)
func aStartOnDamagedFilesIsOnAirAndTellsWhatWasLost(_ damage: Damage) async throws {
  try await withStudio { studio in
    for _ in 0..<3 { try await studio.storeOneChange() }
    studio.host.kill(damage.wasKilled ? SIGKILL : SIGTERM)
    await studio.host.wait()
    try await damage.apply(to: studio.place)
    try await studio.startAgain()

    let started = try await studio.host.first("host.started")
    #expect(started["rung"]?.stringValue == damage.rung, "\(CanonicalJSON.text(started))")
    let lost = started["lost"]?.arrayValue ?? []
    let said =
      studio.host.lines("host.notice").compactMap { $0["message"]?.stringValue } + lost.compactMap(\.stringValue)
    #expect(said.contains { $0.contains(damage.told) }, "\(said)")
    let recovered = try await studio.health()["recoveredFrom"] ?? .null
    #expect((recovered != .null) == !lost.isEmpty, "\(CanonicalJSON.text(recovered))")
    #expect(!lost.isEmpty || damage.rung == "newest")
    let shown = try await studio.client.parameter("plasma", "mix")
    #expect(damage.rung == "empty" ? shown == nil : shown.map(studio.mixes.values.contains) == true)

    // The show can be changed, and what is changed is stored, under numbers that were never used.
    let answer = try await studio.client.json("PUT", "/config?wait=stored", "{\"outputName\":\"After\"}")
    #expect(answer.status == 200, "\(CanonicalJSON.text(answer.json))")
    #expect((answer.json["generation"]?.intValue ?? 0) > 5)
    #expect((answer.json["sequence"]?.intValue ?? 0) > studio.sequence)
    studio.host.kill(SIGKILL)
    await studio.host.wait()
    try await studio.startAgain()
    #expect(try await studio.client.json("GET", "/config").json["outputName"] == "After")
    if damage.rung == "older" {
      studio.host.kill(SIGTERM)
      #expect(await studio.host.wait() == 0)
    } else {
      try await studio.end()
    }
  }
}

/// Killed as it makes its first, second, third … move of a file: the damaged files go to quarantine one by one, and
/// what could be saved takes their place.
@Test(.timeLimit(.minutes(3)), .needs(["bash", "strace", "sqlite3"]))
func aHostKilledWhileItReplacesADamagedDatabaseLosesNothingByIt() async throws {
  var kills = 0
  for number in 1...12 {
    var wasKilled = false
    try await withStudio { studio in
      studio.host.kill(SIGTERM)
      #expect(await studio.host.wait() == 0)
      let database = studio.place.database
      let root = "sqlite3 \(database) \"SELECT rootpage FROM sqlite_master WHERE name = 'generation_mark'\""
      try await studio.place.run([
        "bash", "-c",
        "set -e; root=$(\(root)); dd if=/dev/zero of=\(database) bs=1024 seek=$((root - 1)) count=1 conv=notrunc status=none",
      ])
      let damaged = try Data(contentsOf: URL(fileURLWithPath: database))
      let calls = "rename,renameat,renameat2"
      let prefix = [
        "strace", "-D", "-f", "-I", "2", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)", "-e",
        "inject=\(calls):signal=KILL:when=\(number)",
      ]
      let host = try HostProcess(HostLaunch(dataFolder: studio.place.dataFolder, prefix: prefix))
      try await eventually(within: .seconds(30), "the host's end, or the host on air") {
        !host.process.isRunning || !host.lines("host.started").isEmpty
      }
      wasKilled = !host.process.isRunning
      host.kill(SIGKILL)
      #expect(await host.wait() == -SIGKILL)
      // Whatever it was doing, the next start has the whole show, and the damaged file is still somewhere.
      try await studio.startAgain()
      #expect(try await studio.client.parameter("plasma", "mix") == studio.mix)
      try await studio.showGoesOn()
      try await studio.isStored()
      #expect(try files(below: studio.place.dataFolder).contains(damaged), "killed at move \(number)")
      try await studio.everythingIsOnDisk()
    }
    guard wasKilled else { break }
    kills += 1
  }
  #expect(kills >= 3)
}

/// The contents of all files in a folder and those below it.
private func files(below folder: String) throws -> [Data] {
  let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
  return names.compactMap { FileManager.default.contents(atPath: "\(folder)/\($0)") }
}
