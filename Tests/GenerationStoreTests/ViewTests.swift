import Documents
import DurableFiles
import Foundation
import PersistenceMessages
import SQLiteConnection
import StudioState
import Testing

@testable import GenerationStore

func sqlite3Program() -> String? {
  ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3", "/opt/homebrew/bin/sqlite3"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test on a machine without the sqlite3 shell (`apt-get install sqlite3`).
  static var needsShell: Self { .enabled(if: sqlite3Program() != nil, "the sqlite3 shell is not installed") }
}

/// What the real shell prints, as an operator would call it.
private func shellRows(_ sql: String, _ fixture: StoreFixture) throws -> [[String]] {
  let program = try #require(sqlite3Program())
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = ["-readonly", "-list", "-separator", "\u{1F}", "-nullvalue", "NULL", fixture.database, sql]
  let (output, errors) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  #expect(process.terminationStatus == 0, "\(words)")
  return text.split(separator: "\n").map {
    $0.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
  }
}

/// Generations: 1 two layers · 2 layer-1's mix · 3 layer "new" added below, layer-2 removed · 4 keyframe after the pin of
/// 2, renamed and disabled layer-1.
private func story() throws -> (StoreFixture, GenerationStore, StudioState) {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  var state = sampleState(layers: 2)
  try store.put(state, 10)
  state = state.setting("layer-1", mix: 0.30000000000000004)
  try store.put(state, 11)
  state.layers.insert(sampleLayer("new", mix: 1), at: 0)
  state.layers.remove(layerID("layer-2"))
  try store.put(state, 12)
  try store.pin(2, label: "opening night")
  try store.markProven(1)
  if let layer = state.layers[layerID("layer-1")] {
    state.layers.replace(layer.with(name: "Stage \"left\"", isEnabled: false, opacity: 0.25, blendMode: .screen))
  }
  _ = try store.store(snapshot(state, 13, reason: "layer.rename", origin: .rollback), requests: 3)
  return (fixture, store, state)
}

@Test(.needsShell) func theViewsHaveTheContractsColumns() throws {
  let (fixture, _, _) = try story()
  let contract = [
    "generations":
      "generation stored_at origin reason actor requests layers bytes keyframe proven_at pin current sequence",
    "generation_documents": "generation document kind name body",
    "generation_layers": "generation position layer name package enabled opacity blend_mode",
    "generation_parameters": "generation layer parameter type value", "generation_state": "generation state",
    "parameter_changes": "generation stored_at layer parameter before after reason actor",
    "ring_status": "count capacity oldest newest bytes",
    "host_runs": "run started_at ended_at ending generation healthy_at",
  ]
  for (view, columns) in contract {
    let sql = "SELECT group_concat(name, ' ') FROM pragma_table_info('\(view)')"
    let rows = try shellRows(sql, fixture)
    #expect(rows == [[columns]], "\(view)")
  }
}

@Test(.needsShell) func generationsAreListed() throws {
  let (fixture, _, _) = try story()
  let sql = """
    SELECT generation, stored_at, origin, reason, actor, requests, layers, bytes > 0, keyframe, proven_at, pin, current
    FROM generations ORDER BY generation
    """
  let rows = try shellRows(sql, fixture)
  let (time, actor) = ("2025-11-23T09:36:00.123Z", "osc:127.0.0.1:50123")
  #expect(
    rows == [
      ["1", time, "mutation", "parameter.set", actor, "1", "2", "1", "1", time, "NULL", "0"],
      ["2", time, "mutation", "parameter.set", actor, "1", "2", "1", "0", "NULL", "opening night", "0"],
      ["3", time, "mutation", "parameter.set", actor, "1", "2", "1", "0", "NULL", "NULL", "0"],
      ["4", time, "rollback", "layer.rename", actor, "3", "2", "1", "1", "NULL", "NULL", "1"],
    ])
}

@Test(.needsShell) func layersAreListedBottomToTop() throws {
  let (fixture, _, _) = try story()
  let sql = "SELECT * FROM generation_layers WHERE generation IN (1, 4) ORDER BY generation, position"
  let rows = try shellRows(sql, fixture)
  #expect(
    rows == [
      ["1", "0", "layer-1", "LAYER-1", "plasma", "1", "1.0", "normal"],
      ["1", "1", "layer-2", "LAYER-2", "plasma", "1", "1.0", "normal"],
      ["4", "0", "new", "NEW", "plasma", "1", "1.0", "normal"],
      ["4", "1", "layer-1", "Stage \"left\"", "plasma", "0", "0.25", "screen"],
    ])
}

@Test(.needsShell) func parametersHaveTheirTypesAndExactValues() throws {
  let (fixture, _, _) = try story()
  let sql =
    "SELECT parameter, type, value FROM generation_parameters WHERE generation = 2 AND layer = 'layer-1' ORDER BY 1"
  let rows = try shellRows(sql, fixture)
  #expect(
    rows == [
      ["centre", "point2D", "[0.5,0.5]"], ["mix", "double", "0.30000000000000004"], ["on", "bool", "true"],
      ["speed", "double", "0.25"], ["steps", "int", "3"], ["tint", "color", "[1.0,0.5,0.25,1.0]"],
      ["title", "string", "\"a \\\"quoted\\\" title\""],
    ])
  #expect(Set(rows.map { $0[1] }) == Set(ParameterType.allCases.map(\.rawValue)))
}

@Test(.needsShell) func generationStateIsTheCanonicalState() throws {
  let (fixture, _, state) = try story()
  let rows = try shellRows("SELECT state FROM generation_state WHERE generation = 4", fixture)
  #expect(rows == [[CanonicalJSON.text(state.json(sequence: 13))]])
}

@Test(.needsShell) func theStateOfAnEmptyShowIsOneToo() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.put(StudioState(), 1)
  let rows = try shellRows("SELECT state FROM generation_state", fixture)
  #expect(rows == [[CanonicalJSON.text(StudioState().json(sequence: 1))]])
}

@Test(.needsShell) func changesCompareNeighbours() throws {
  let (fixture, store, _) = try story()
  let sql = "SELECT generation, layer, parameter, before, after FROM parameter_changes ORDER BY 1, 2, 3"
  let rows = try shellRows(sql, fixture)
  #expect(rows.first == ["2", "layer-1", "mix", "0.5", "0.30000000000000004"])
  let third = rows.filter { $0[0] == "3" }
  #expect(third.filter { $0[1] == "layer-2" }.map { $0[4] } == Array(repeating: "NULL", count: 7))
  #expect(third.filter { $0[1] == "new" }.map { $0[3] } == Array(repeating: "NULL", count: 7))
  #expect(third.count == 14)
  // A keyframe writes every document afresh, and changes nothing by that.
  #expect(rows.filter { $0[0] == "4" }.isEmpty)

  // The one before it in the ring, not the one before it in time.
  try store.openSession().connection.execute("DELETE FROM generation WHERE generation = 2")
  let later = try shellRows("\(sql)", fixture)
  #expect(later.contains(["3", "layer-1", "mix", "0.5", "0.30000000000000004"]))
}

@Test(.needsShell) func ringAndRunsAreShown() throws {
  let (fixture, store, _) = try story()
  let run = try store.beginRun(generation: 4)
  fixture.clock.advance(by: 1500)
  try store.endRun(run, ending: .clean)
  _ = try store.beginRun(generation: nil)
  let ring = "SELECT count, capacity, oldest, newest, bytes > 0 FROM ring_status"
  let rows = try shellRows(ring, fixture)
  #expect(rows == [["4", "64", "1", "4", "1"]])
  #expect(
    try shellRows("SELECT * FROM host_runs ORDER BY run", fixture) == [
      ["1", "2025-11-23T09:36:00.123Z", "2025-11-23T09:36:01.623Z", "clean", "4", "NULL"],
      ["2", "2025-11-23T09:36:01.623Z", "NULL", "running", "NULL", "NULL"],
    ])
}

@Test(.needsShell) func theShellReadsAClosedDatabaseToo() throws {
  let (fixture, store, _) = try story()
  try store.close()
  let rows = try shellRows("SELECT count(*) FROM generations", fixture)
  #expect(rows == [["4"]])
  #expect(
    try shellRows("PRAGMA integrity_check; PRAGMA foreign_key_check; PRAGMA application_id", fixture) == [
      ["ok"], ["1095128146"],
    ])
  // What the shell leaves beside it does not trouble the next start.
  #expect(GenerationStore.openOrQuarantine(fixture.options).restored?.rung == .newest)
}

@Test(.needsShell) func theShellCantWriteBesideTheStore() throws {
  let (fixture, store, state) = try story()
  let program = try #require(sqlite3Program())
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = ["-readonly", fixture.database, "DELETE FROM generation"]
  process.standardError = Pipe()
  try process.run()
  process.waitUntilExit()
  #expect(process.terminationStatus != 0)
  #expect(try store.put(state.setting("layer-1", mix: 0.9), 14).generation == 5)
  try store.expectSound()
}
