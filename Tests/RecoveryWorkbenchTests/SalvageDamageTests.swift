import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import RecoveryWorkbench
import Studio
import StudioState
import Testing

// Salvage from real damage. Whatever was done to the files: they stay as they are, what is reported as saved loads equal
// to what was stored, and what is missing is named.

/// A folder whose database was damaged, and what was stored in it.
private final class DamagedShow {
  let fixture: WorkbenchFixture
  let stored: [Int64: StudioState]
  /// Undamaged: state.db and state.db-wal.
  let database: [UInt8]
  let log: [UInt8]

  /// - Parameters:
  ///   - checkpointed: generations in the database; `logged`: in the log after them.
  init(checkpointed: Int, logged: Int = 0, layers: Int = 6) throws {
    fixture = try WorkbenchFixture()
    var stored: [Int64: StudioState] = [:]
    var state = sampleState(layers: layers)
    func next(_ number: Int) -> StudioState {
      state = state.setting("layer-\(number % layers + 1)", mix: Double(number) / 1000)
      stored[Int64(number)] = state
      return state
    }
    if checkpointed > 0 { try fixture.store((1...checkpointed).map(next)) }
    let path = fixture.workbench.databasePath
    if logged > 0 {
      let store = try GenerationStore.open(
        StoreOptions.studio(folder: fixture.folder, wallClock: { 1_763_890_560_123 }))
      for number in (checkpointed + 1)...(checkpointed + logged) {
        let request = PersistenceRequest(
          target: .runtimeState, reason: "parameter.set", actor: "http", sequence: UInt64(number))
        _ = try store.store(PersistenceSnapshot(state: next(number), request: request, requestCount: 1), requests: 1)
      }
      database = try DurableFile.read(path, limit: 1 << 26) ?? []
      log = try DurableFile.read("\(path)-wal", limit: 1 << 26) ?? []
      try store.close()
    } else {
      database = try DurableFile.read(path, limit: 1 << 26) ?? []
      log = []
    }
    self.stored = stored
  }

  struct Outcome {
    var exit: ExitCode
    var saved: Set<Int64> = []
    var lost: Set<Int64> = []
    /// Saved in part, with what is missing.
    var partial: [Int64: [String]] = [:]
    /// Pruned or lost: nothing of it was found.
    var unaccounted: Set<Int64> = []

    /// Saved whole or in part, or named.
    var toldOf: Set<Int64> { saved.union(lost).union(unaccounted) }
  }

  /// Puts the damaged files into a folder of their own and salvages them; nil for a file that is not there.
  func salvage(database: [UInt8]?, log: [UInt8]?, _ name: String) throws -> Outcome {
    let source = "\(fixture.root)/damaged-\(name)"
    try DataFolder.createFolder(source)
    if let database { try DurableFile.replace("\(source)/state.db", with: database) }
    if let log { try DurableFile.replace("\(source)/state.db-wal", with: log) }
    let target = "\(fixture.root)/saved-\(name)"
    let answer: Answer
    do throws(ToolFailure) {
      answer = try Salvaging(source: "\(source)/state.db", folder: target).run()
    } catch {
      try expectUntouched(source, database, log, name)
      #expect(!isFolder(target), "\(name): a folder was left behind")
      return Outcome(exit: error.exit)
    }
    try expectUntouched(source, database, log, name)
    var outcome = Outcome(exit: answer.exit)
    for saved in answer.json["saved"]?.arrayValue ?? [] {
      let number = try #require(saved["generation"]?.intValue)
      outcome.saved.insert(number)
      if let missing = saved["missing"]?.arrayValue { outcome.partial[number] = missing.compactMap(\.stringValue) }
    }
    for range in answer.json["unaccounted"]?.arrayValue ?? [] {
      let ends = (range.arrayValue ?? []).compactMap(\.intValue)
      outcome.unaccounted.formUnion(try #require(ends.first)...(try #require(ends.last)))
    }
    outcome.lost = Set((answer.json["lost"]?.arrayValue ?? []).compactMap { $0["generation"]?.intValue })
    try expectEqual(target, outcome, name)
    return outcome
  }

  private func expectUntouched(_ source: String, _ database: [UInt8]?, _ log: [UInt8]?, _ name: String) throws {
    let names = Set(try FolderListing.entries(of: source).map(\.name))
    var expected: Set<String> = []
    if database != nil { expected.insert("state.db") }
    if log != nil { expected.insert("state.db-wal") }
    #expect(names == expected, "\(name)")
    #expect(try DurableFile.read("\(source)/state.db", limit: 1 << 26) == database, "\(name)")
    #expect(try DurableFile.read("\(source)/state.db-wal", limit: 1 << 26) == log, "\(name)")
  }

  private func expectEqual(_ target: String, _ outcome: Outcome, _ name: String) throws {
    let reader = try GenerationReader.open(.studio, databasePath: "\(target)/state.db", leavingNoTrace: true)
    defer { reader.close() }
    #expect(try reader.integrityProblems() == [], "\(name)")
    #expect(Set(try reader.list().map(\.generation)) == outcome.saved, "\(name)")
    for number in outcome.saved {
      let loaded = try reader.load(number)
      guard outcome.partial[number] != nil else {
        #expect(loaded.state == stored[number], "\(name), generation \(number)")
        #expect(loaded.summary.sequence == UInt64(number), "\(name), generation \(number)")
        continue
      }
      #expect(loaded.summary.origin == "recovery", "\(name), generation \(number)")
      for layer in loaded.state.layers {
        let isStored = stored.values.contains { $0.layers[layer.id] == layer }
        #expect(isStored, "\(name), generation \(number), layer \(layer.id)")
      }
    }
  }
}

private func isFolder(_ path: String) -> Bool { (try? FolderListing.entries(of: path)) != nil }

private let pageSize = 1024

@Test(arguments: 0..<6)
func aFlippedByteInAnyPageCostsOnlyWhatStandsThere(group: Int) throws {
  let show = try DamagedShow(checkpointed: 40)
  let pages = show.database.count / pageSize
  var worst = 40
  for page in stride(from: group, to: pages, by: 6) {
    for offset in [0, 97, 700] {
      var bytes = show.database
      bytes[page * pageSize + offset] ^= 0x5A
      let outcome = try show.salvage(database: bytes, log: nil, "\(page)-\(offset)")
      worst = min(worst, outcome.saved.subtracting(outcome.partial.keys).count)
      #expect(outcome.toldOf.isSuperset(of: 2...39), "page \(page + 1), byte \(offset): \(outcome)")
    }
  }
  // Two keyframes part the ring: one damaged page reaches the generations between two of them at most.
  #expect(worst >= 8)
}

@Test func aDatabaseOfWhichPagesAreGarbageGivesTheRest() throws {
  let show = try DamagedShow(checkpointed: 60)
  for page in [0, 1, show.database.count / pageSize / 2, show.database.count / pageSize - 2] {
    var bytes = show.database
    let start = page * pageSize
    bytes.replaceSubrange(start..<(start + 2 * pageSize), with: [UInt8](repeating: 0xA5, count: 2 * pageSize))
    let outcome = try show.salvage(database: bytes, log: nil, "garbage-\(page)")
    #expect(outcome.saved.count >= 20, "page \(page): \(outcome)")
    #expect(outcome.exit == .found)
  }
}

@Test(arguments: 0..<4)
func aDatabaseThatIsCutOffAnywhereGivesWhatIsLeft(group: Int) throws {
  let show = try DamagedShow(checkpointed: 40)
  for step in stride(from: group, to: 32, by: 4) {
    // Also within a page.
    let length = show.database.count * step / 32 + (step % 3) * 17
    let outcome = try show.salvage(database: Array(show.database.prefix(length)), log: nil, "cut-\(step)")
    #expect(outcome.saved.isEmpty == (outcome.exit == .corruptInput), "cut at \(length)")
    if step > 24 { #expect(!outcome.saved.isEmpty, "cut at \(length): \(outcome)") }
  }
}

@Test func withoutItsLogTheDatabaseGivesWhatIsInIt() throws {
  let show = try DamagedShow(checkpointed: 10, logged: 10)
  let outcome = try show.salvage(database: show.database, log: nil, "no-log")
  #expect(outcome.saved == Set(1...10))
}

@Test func aLogIsReadWithItsDatabase() throws {
  let show = try DamagedShow(checkpointed: 10, logged: 10)
  let outcome = try show.salvage(database: show.database, log: show.log, "whole")
  #expect(outcome.saved == Set(1...20))
  #expect(outcome.exit == .fine)
}

/// SQLite takes an empty file for a new database and deletes the log beside it.
@Test func anEmptyDatabaseWithAFullLogGivesWhatTheLogHolds() throws {
  let show = try DamagedShow(checkpointed: 0, logged: 20)
  let outcome = try show.salvage(database: [], log: show.log, "emptied")
  #expect(outcome.saved == Set(1...20), "\(outcome)")
}

@Test func aLogAloneGivesWhatItHolds() throws {
  let show = try DamagedShow(checkpointed: 0, logged: 20)
  #expect(try show.salvage(database: nil, log: show.log, "alone").saved == Set(1...20))
  // The same when the log itself is named.
  let outcome = try show.salvage(database: show.log, log: nil, "renamed")
  #expect(outcome.saved == Set(1...20))
}

/// SQLite reads a log up to its first damage, and calls the rest of it old.
@Test(arguments: 1..<8)
func damageInTheLogCostsOnlyWhatStandsThere(eighth: Int) throws {
  let show = try DamagedShow(checkpointed: 10, logged: 24)
  var log = show.log
  log[log.count * eighth / 8] ^= 0xFF
  let outcome = try show.salvage(database: show.database, log: log, "flipped")
  #expect(outcome.saved.isSuperset(of: 1...10), "\(outcome)")
  #expect(outcome.saved.count >= 24, "\(outcome)")
}

@Test func aLogThatIsCutOffGivesWhatIsLeft() throws {
  let show = try DamagedShow(checkpointed: 10, logged: 20)
  for step in 0..<8 {
    let length = show.log.count * step / 8 + step
    let outcome = try show.salvage(database: show.database, log: Array(show.log.prefix(length)), "cut-\(step)")
    #expect(outcome.saved.isSuperset(of: 1...10), "log cut at \(length)")
  }
}

@Test func aLayerThatIsDamagedEverywhereIsLeftOutOfWhatIsSaved() throws {
  let fixture = try WorkbenchFixture()
  let first = sampleState(layers: 3).setting("layer-2", mix: 0.375)
  try fixture.store([first, first.setting("layer-1", mix: 0.25), first.setting("layer-1", mix: 0.75)])
  try fixture.replaceInDatabase("\"mix\":0.375", with: "\"mix\":0.374")
  let folder = "\(fixture.root)/saved"
  let answer = try Salvaging(source: fixture.workbench.databasePath, folder: folder).run()
  #expect(answer.exit == .found)
  #expect(
    answer.json["saved"]?.arrayValue?.map { $0["missing"] } == [
      ["layer layer-2"], ["layer layer-2"], ["layer layer-2"],
    ])
  let reader = try GenerationReader.open(.studio, databasePath: "\(folder)/state.db", leavingNoTrace: true)
  defer { reader.close() }
  let newest = try reader.load(3)
  #expect(newest.summary.origin == "recovery")
  #expect(newest.summary.reason == "salvaged without layer layer-2")
  #expect(newest.state == first.setting("layer-1", mix: 0.75).changed { $0.layers.remove(layerID("layer-2")) })
}

@Test func aPartIsNotSavedWhereSomethingWholeIs() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  try fixture.replaceInDatabase("\"mix\":0.625", with: "\"mix\":0.624")
  let answer = try Salvaging(source: fixture.workbench.databasePath, folder: "\(fixture.root)/saved").run()
  #expect(answer.json["saved"]?.arrayValue?.map { $0["generation"] } == [1, 2])
  #expect(answer.json["lost"]?.arrayValue?.map { $0["generation"] } == [3])
}

/// Only the packages' headers are gone, which the host reads from its folder anyway.
@Test func aGenerationWithAllItsLayersIsSavedBesideWholeOnes() throws {
  let fixture = try WorkbenchFixture()
  // The keyframe at 33 has headers of its own.
  let other = PackageCatalog(storedJSON: ["plasma": ["INPUTS": [["NAME": "mix", "TYPE": "float", "DEFAULT": 0.75]]]])
  try fixture.store(
    (1...40).map { number in
      let state = sampleState(layers: 2).setting("layer-1", mix: Double(number) / 1000)
      return number <= 32 ? state : state.changed { $0.packages = other }
    })
  try fixture.withStore {
    try $0.markProven(7)
    try $0.pin(7, label: "kept")
  }
  try fixture.replaceInDatabase("\"NAME\":\"speed\"", with: "\"NAME\":\"spEed\"")
  let path = fixture.workbench.databasePath
  let folder = "\(fixture.root)/saved"
  let answer = try Salvaging(source: path, folder: folder).run()
  #expect(answer.exit == .found)
  #expect(answer.json["saved"]?.arrayValue?.count == 40, "\(answer.lines)")
  #expect(answer.json["saved"]?.arrayValue?.first?["missing"] == ["packages"])
  let reader = try GenerationReader.open(.studio, databasePath: "\(folder)/state.db", leavingNoTrace: true)
  defer { reader.close() }
  let layer = try reader.load(7).state.layers[layerID("layer-1")]
  #expect(layer == sampleState(layers: 2).setting("layer-1", mix: 0.007).layers[layerID("layer-1")])
  let summary = try reader.load(7).summary
  #expect(summary.origin == "recovery")
  #expect(summary.pin == "kept")
  #expect(!summary.isProven, "nothing ran healthily on a part")
  #expect(try reader.load(40).state == fixture.state(40))
}

/// The next start loads the newest one: a whole one must not give way to a part.
@Test func aPartIsNeverNewerThanTheNewestWholeOne() throws {
  let fixture = try WorkbenchFixture()
  let other = PackageCatalog(storedJSON: ["plasma": ["INPUTS": [["NAME": "mix", "TYPE": "float", "DEFAULT": 0.75]]]])
  try fixture.store([
    sampleState(layers: 2), sampleState(layers: 2).setting("layer-1", mix: 0.25),
    sampleState(layers: 2).changed { $0.packages = other },
  ])
  try fixture.replaceInDatabase("\"DEFAULT\":0.75", with: "\"DEFAuLT\":0.75")
  let answer = try Salvaging(source: fixture.workbench.databasePath, folder: "\(fixture.root)/saved").run()
  #expect(answer.json["saved"]?.arrayValue?.map { $0["generation"] } == [1, 2])
  #expect(answer.json["lost"]?.arrayValue?.map { $0["generation"] } == [3])
}

@Test func marksAndRunsComeAlong() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  try fixture.withStore {
    try $0.pin(1, label: "before the show")
    try $0.markProven(2)
    try $0.markSuspect(3)
    _ = try $0.beginRun(generation: 3)
  }
  let folder = "\(fixture.root)/saved"
  #expect(try Salvaging(source: fixture.workbench.databasePath, folder: folder).run().exit == .fine)
  let source = try GenerationReader.open(.studio, databasePath: fixture.workbench.databasePath, leavingNoTrace: true)
  let saved = try GenerationReader.open(.studio, databasePath: "\(folder)/state.db", leavingNoTrace: true)
  defer {
    source.close()
    saved.close()
  }
  let sql = "SELECT * FROM generation_mark ORDER BY generation, mark"
  #expect(try saved.query(sql) == source.query(sql))
  #expect(try saved.runs() == source.runs())
  #expect(try saved.list().map(\.json) == source.list().map(\.json))
}

@Test func numbersAreNotUsedAgainAfterASalvage() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  try DurableFile.replace(
    "\(fixture.folder)/head.json", with: Array("{\"generation\":9,\"sequence\":12,\"storedAtUnixMs\":1}\n".utf8))
  let folder = "\(fixture.root)/saved"
  let answer = try Salvaging(source: fixture.workbench.databasePath, folder: folder).run()
  #expect(answer.json["lost"]?.arrayValue?.map { $0["generation"] } == [9])
  let store = try GenerationStore.open(StoreOptions.studio(folder: folder))
  #expect(store.highWaterMark.generation == 9)
  #expect(store.highWaterMark.sequence == 12)
  try store.close()
}

/// A salvaged ring goes on as any other: what is stored and pruned in it damages nothing.
@Test func aSalvagedShowGoesOn() throws {
  let show = try DamagedShow(checkpointed: 40)
  let target = "\(show.fixture.root)/goes-on"
  _ = try Salvaging(source: show.fixture.workbench.databasePath, folder: target).run()
  var options = StoreOptions.studio(folder: target)
  options.retention = RetentionPolicy(newest: 8, hourly: 0, daily: 0)
  let store = try GenerationStore.open(options)
  for number in 41...60 {
    let request = PersistenceRequest(target: .runtimeState, reason: "test", actor: "test", sequence: UInt64(number))
    let state = sampleState(layers: 6).setting("layer-1", mix: Double(number) / 1000)
    _ = try store.store(PersistenceSnapshot(state: state, request: request, requestCount: 1), requests: 1)
  }
  try store.close()
  let reader = try GenerationReader.open(.studio, databasePath: "\(target)/state.db")
  defer { reader.close() }
  #expect(try reader.list().map(\.generation) == Array((53...60).reversed()))
  for number in Int64(53)...60 { #expect(try reader.verify(number) == []) }
}

@Test(arguments: ["rubbish", "nothing", "foreign"])
func whatIsNotOursIsRefusedWithItsReason(kind: String) throws {
  let fixture = try WorkbenchFixture()
  let path = "\(fixture.root)/other.db"
  var bytes = [UInt8](repeating: 0, count: 4096)
  switch kind {
  case "rubbish": bytes = (0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
  case "nothing": bytes = []
  default:
    bytes.replaceSubrange(0..<16, with: Array("SQLite format 3".utf8) + [0])
    bytes[16] = 0x10
    bytes[71] = 7
  }
  try DurableFile.replace(path, with: bytes)
  do throws(ToolFailure) {
    _ = try Salvaging(source: path, folder: "\(fixture.root)/saved").run()
    Issue.record("something was saved")
  } catch {
    #expect(error.exit == .corruptInput)
    let reason = ["rubbish": "no row of an Afterimage", "nothing": "it is empty", "foreign": "application_id 7"][kind]
    #expect(error.message.contains(try #require(reason)), "\(error.message)")
  }
  #expect(!isFolder("\(fixture.root)/saved"))
  #expect(try DurableFile.read(path, limit: 1 << 24) == bytes)
}
