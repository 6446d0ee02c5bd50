import DurableFiles
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Testing

@testable import GenerationStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Damage found at a start: one row for each kind, as in the table of `GenerationStore.openOrQuarantine(_:from:)` and in
// docs/failure-modes.md.

/// The expected result of a start on the damage.
struct StartRow: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// Nil: nothing can be restored; presets or an empty show are the host's next rungs.
  var rung: RecoveryRung?
  var generation: Int64?
  /// Whether the files that lay there are in quarantine afterwards.
  var isQuarantined = false
  /// Generations that the high-water mark knows and the database does not.
  var missing: Int64 = 0
  /// Why nothing can be stored; nil when storing works at once.
  var failure: StoreFailure.Code?
  var damage: @Sendable (DamagedFolder) throws -> Void
}

/// A data folder with generations 1 to 9, keyframes 1, 4 and 7; 7 to 9 are in the log only.
final class DamagedFolder {
  let fixture: StoreFixture
  let folder: String
  private(set) var states: [Int64: StudioState] = [:]

  init() throws {
    fixture = try StoreFixture()
    fixture.options.keyframeInterval = 3
    let store = try fixture.open()
    var state = sampleState(layers: 3)
    for sequence: UInt64 in 1...9 {
      state = state.setting("layer-1", mix: Double(sequence) / 10)
      states[try store.put(state, sequence).generation] = state
      if sequence == 6 { store.rest(idleFor: .seconds(3)) }
    }
    store.headFile.sync()
    // What a killed host leaves: database and log, without shared memory.
    folder = try fixture.copy("start").folder
    let mark = try #require(try DurableFile.read("\(fixture.folder)/head.json", limit: 4096))
    try DurableFile.replace("\(folder)/head.json", with: mark)
    store.drop()
  }

  var options: StoreOptions {
    var options = fixture.options
    options.folder = folder
    return options
  }
  var database: String { "\(folder)/state.db" }
  var log: String { "\(database)-wal" }

  func bytes(_ path: String) throws -> [UInt8] { try #require(try DurableFile.read(path, limit: 1 << 30)) }

  func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
    var bytes = try bytes(path)
    body(&bytes)
    try DurableFile.replace(path, with: bytes)
  }

  /// Runs SQL as an accident would, with everything in the database file and no log afterwards.
  func tamper(_ sql: String) throws {
    let connection = try Connection(database, .copy)
    defer { connection.close() }
    try connection.execute("PRAGMA journal_mode = DELETE; \(sql)")
  }
}

private func spoil(_ condition: String) -> @Sendable (DamagedFolder) throws -> Void {
  { try $0.tamper("UPDATE document SET body = 'x' WHERE \(condition)") }
}

/// Ids: keyframe 7 wrote six documents (three layers, stack, config, packages), 8 and 9 one each.
private let ofGeneration = (seven: "document BETWEEN 17 AND 22", eight: "document = 23", nine: "document = 24")

let startTable: [StartRow] = [
  StartRow(testDescription: "nothing is wrong", rung: .newest, generation: 9) { _ in },
  StartRow(testDescription: "database of zero length, no log", missing: 9) {
    try DurableFile.replace($0.database, with: [])
    try DurableFile.remove($0.log)
  },
  StartRow(
    testDescription: "database of zero length beside its log", rung: .salvaged, generation: 9, isQuarantined: true
  ) {
    try DurableFile.replace($0.database, with: [])
  },
  StartRow(testDescription: "log without its database", rung: .salvaged, generation: 9, isQuarantined: true) {
    try DurableFile.remove($0.database)
  },
  StartRow(testDescription: "neither database nor log", missing: 9) {
    try DurableFile.remove($0.database)
    try DurableFile.remove($0.log)
  },
  StartRow(testDescription: "the log is gone", rung: .newest, generation: 6, missing: 3) {
    try DurableFile.remove($0.log)
  },
  StartRow(testDescription: "the log is garbage", rung: .newest, generation: 6, missing: 3) {
    try DurableFile.replace($0.log, with: Array(repeating: 0x5A, count: 9000))
  },
  StartRow(testDescription: "the log is cut off after its head", rung: .newest, generation: 6, missing: 3) {
    try $0.change($0.log) { $0.removeLast($0.count - 32) }
  },
  StartRow(testDescription: "the log lost its last frame", rung: .newest, generation: 8, missing: 1) {
    try $0.change($0.log) { $0.removeLast(1) }
  },
  StartRow(testDescription: "a byte of the log's first frame is flipped", rung: .newest, generation: 6, missing: 3) {
    try $0.change($0.log) { $0[32 + 24 + 100] ^= 1 }
  },
  StartRow(
    testDescription: "the database is garbage, and its log is not", rung: .salvaged, generation: 9, isQuarantined: true
  ) {
    try DurableFile.replace($0.database, with: Array(repeating: 0x41, count: 5000))
  },
  StartRow(testDescription: "the database is garbage, and there is no log", isQuarantined: true, missing: 9) {
    try DurableFile.replace($0.database, with: Array(repeating: 0x41, count: 5000))
    try DurableFile.remove($0.log)
  },
  StartRow(
    testDescription: "the head of the database is overwritten, and the log has that page", rung: .newest, generation: 9
  ) {
    try $0.change($0.database) { $0.replaceSubrange(0..<16, with: repeatElement(0xFF, count: 16)) }
  },
  StartRow(
    testDescription: "the head of the database is overwritten, and its log is lost", rung: .salvaged, generation: 6,
    isQuarantined: true, missing: 3
  ) {
    try $0.change($0.database) { $0.replaceSubrange(0..<16, with: repeatElement(0xFF, count: 16)) }
    try DurableFile.remove($0.log)
  },
  StartRow(testDescription: "another program's database", isQuarantined: true, missing: 9) {
    try DurableFile.remove($0.database)
    try DurableFile.remove($0.log)
    let foreign = try Connection($0.database, .copy)
    try foreign.execute("CREATE TABLE mine(x); INSERT INTO mine VALUES (1)")
    foreign.close()
  },
  StartRow(testDescription: "a newer schema", rung: .newest, generation: 9, failure: .newerSchema) {
    try $0.tamper("PRAGMA user_version = 99")
  },
  StartRow(testDescription: "a folder in the database's place", failure: .cannotOpen) {
    try DurableFile.remove($0.database)
    try DurableFile.remove($0.log)
    try DataFolder.createFolder($0.database)
  },
  StartRow(
    testDescription: "a link in the database's place, which is read and not written", rung: .newest, generation: 6,
    failure: .cannotOpen
  ) {
    try DurableFile.moveDurably(from: $0.database, to: "\($0.folder)/elsewhere")
    try DurableFile.remove($0.log)
    symlink("\($0.folder)/elsewhere", $0.database)
  },
  StartRow(
    testDescription: "quarantine is a link that leads nowhere", rung: .salvaged, generation: 9, isQuarantined: true
  ) {
    symlink("\($0.folder)/nowhere", "\($0.folder)/quarantine")
    try DurableFile.replace($0.database, with: Array(repeating: 0x41, count: 5000))
  },
  StartRow(testDescription: "quarantine is a file", rung: .salvaged, generation: 9, isQuarantined: true) {
    try DurableFile.replace("\($0.folder)/quarantine", with: [])
    try DurableFile.replace($0.database, with: Array(repeating: 0x41, count: 5000))
  },
  StartRow(
    testDescription: "a replacement was interrupted", rung: .newest, generation: 6, isQuarantined: true, missing: 3
  ) {
    let incident = "\($0.folder)/quarantine/20251123T093600Z-damaged"
    try DataFolder.createFolder(incident)
    try DurableFile.replace("\(incident)/state.db", with: Array("damaged".utf8))
    try DurableFile.moveDurably(from: $0.database, to: "\(incident)/rebuilt.db")
    try DurableFile.remove($0.log)
  },
  StartRow(testDescription: "checksum of the newest", rung: .older, generation: 8, damage: spoil(ofGeneration.nine)),
  StartRow(
    testDescription: "checksums of several", rung: .older, generation: 6, damage: spoil(ofGeneration.seven)),
  StartRow(
    testDescription: "a document shared by the generations since the newest keyframe", rung: .older, generation: 6,
    damage: spoil("document BETWEEN 17 AND 22 AND name = 'layer-2'")),
  StartRow(
    testDescription: "one layer in all generations", rung: .partial, generation: 9, damage: spoil("name = 'layer-2'")),
  StartRow(testDescription: "all documents", damage: spoil("true")),
  StartRow(testDescription: "the newest row's manifest", rung: .older, generation: 8) {
    try $0.tamper("UPDATE generation SET documents = '[[1,2]]' WHERE generation = 9")
  },
  StartRow(testDescription: "the newest row is gone", rung: .newest, generation: 8, missing: 1) {
    try $0.tamper("DELETE FROM generation WHERE generation = 9")
  },
  StartRow(testDescription: "the high-water mark is damaged", rung: .newest, generation: 9) {
    try DurableFile.replace("\($0.folder)/head.json", with: Array("{".utf8))
  },
]

@Test(arguments: startTable)
func aStartMakesOfDamageWhatTheTableSays(row: StartRow) throws {
  let damaged = try DamagedFolder()
  try row.damage(damaged)
  let before = [damaged.database, damaged.log].map { try? DurableFile.read($0, limit: 1 << 30) }
  let opened = GenerationStore.openOrQuarantine(damaged.options)
  #expect(opened.restored?.rung == row.rung, "\(opened.reports)")
  #expect(opened.restored?.generation == row.generation)
  if let generation = row.generation, row.rung != .partial, row.failure != .newerSchema {
    #expect(opened.restored?.state == damaged.states[generation])
  }
  #expect(opened.missing.map { $0.known - $0.found } ?? 0 == row.missing)
  #expect(opened.failure?.code == row.failure)
  #expect(opened.store.freezesPruning == (row.rung.map { [.older, .partial, .salvaged].contains($0) } ?? false))
  if row.rung != .newest || row.missing > 0 { #expect(!opened.reports.isEmpty, "what was lost is told") }
  if row.rung != .newest { #expect(opened.restored?.lost.isEmpty ?? true == (opened.restored == nil)) }
  try expectQuarantine(damaged, row, before.map { $0 ?? nil })
  guard row.failure == nil else { return }
  // On air means storing too: the next change is stored and read back, whatever was damaged.
  let state = (opened.restored?.state ?? sampleState(layers: 1)).setting("layer-1", mix: 0.99)
  let stored = try opened.store.put(state, 50)
  #expect(stored.generation == 10 || row.testDescription.contains("high-water"))
  let reader = try GenerationReader.open(.studio, databasePath: damaged.database)
  #expect(try reader.load(stored.generation).state == state)
  #expect(try reader.integrityProblems().isEmpty)
}

/// What was moved is there byte for byte; what was not moved is where it was.
private func expectQuarantine(_ damaged: DamagedFolder, _ row: StartRow, _ before: [[UInt8]?]) throws {
  var kept: [[UInt8]?] = []
  for path in DataFolderLayout(damaged.folder).quarantines {
    for incident in (try? FolderListing.entries(of: path)) ?? [] where incident.name.hasSuffix("-damaged") {
      let moved = ["state.db", "state.db-wal"].map {
        try? DurableFile.read("\(path)/\(incident.name)/\($0)", limit: 1 << 30)
      }
      if moved.contains(where: { $0 != nil }) { kept = moved.map { $0 ?? nil } }
    }
  }
  #expect(!kept.isEmpty == row.isQuarantined)
  guard row.isQuarantined else { return }
  // SQLite takes away a log that it can't use as soon as it opens one beside garbage; whatever it left was moved.
  if let database = before[0] { #expect(kept[0] == database) }
}

/// Cut off anywhere, the database is either refused as a whole or restored as one of its generations; nothing is mixed.
@Test func aDatabaseThatIsCutOffAnywhereStartsAsOneOfItsGenerations() throws {
  let damaged = try DamagedFolder()
  let whole = try damaged.bytes(damaged.database)
  let log = try damaged.bytes(damaged.log)
  for (number, length) in stride(from: 512, to: whole.count, by: 1536).enumerated() {
    var options = damaged.options
    options.folder = "\(damaged.fixture.root)/cut-\(number)"
    try DataFolder.createFolder(options.folder)
    try DurableFile.replace("\(options.folder)/state.db", with: Array(whole.prefix(length)))
    try DurableFile.replace("\(options.folder)/state.db-wal", with: log)
    try expectSoundStart(options, damaged.states, "cut at \(length)")
  }
}

/// The same for the log, cut within headers, frames and payload.
@Test func aLogThatIsCutOffAnywhereStartsAsOneOfItsGenerations() throws {
  let damaged = try DamagedFolder()
  let database = try damaged.bytes(damaged.database)
  let log = try damaged.bytes(damaged.log)
  for (number, length) in stride(from: 0, to: log.count, by: 777).enumerated() {
    var options = damaged.options
    options.folder = "\(damaged.fixture.root)/cut-\(number)"
    try DataFolder.createFolder(options.folder)
    try DurableFile.replace("\(options.folder)/state.db", with: database)
    try DurableFile.replace("\(options.folder)/state.db-wal", with: Array(log.prefix(length)))
    let opened = try expectSoundStart(options, damaged.states, "cut at \(length)")
    #expect((opened.restored?.generation ?? 0) >= 6, "what is in the database is never lost with the log")
  }
}

/// One flipped byte in every page of the database, at a place that depends on the page: schema, rows, overflow, free.
@Test func aFlippedByteInAnyPageStartsAsOneOfItsGenerations() throws {
  let damaged = try DamagedFolder()
  let whole = try damaged.bytes(damaged.database)
  for page in 0..<whole.count / 1024 {
    var options = damaged.options
    options.folder = "\(damaged.fixture.root)/flip-\(page)"
    try DataFolder.createFolder(options.folder)
    var bytes = whole
    bytes[page * 1024 + (page * 389 + 8) % 1024] ^= 0x10
    try DurableFile.replace("\(options.folder)/state.db", with: bytes)
    try expectSoundStart(options, damaged.states, "page \(page)")
  }
}

/// The same in the log: its head, the heads of its frames, and what they hold.
@Test func aFlippedByteAnywhereInTheLogStartsAsOneOfItsGenerations() throws {
  let damaged = try DamagedFolder()
  let database = try damaged.bytes(damaged.database)
  let log = try damaged.bytes(damaged.log)
  let heads = Array(stride(from: 1, to: 32, by: 5)) + Array(stride(from: 32, to: log.count, by: 1048)).map { $0 + 9 }
  for (number, place) in (heads + Array(stride(from: 56, to: log.count, by: 613))).enumerated() {
    var options = damaged.options
    options.folder = "\(damaged.fixture.root)/flip-\(number)"
    try DataFolder.createFolder(options.folder)
    var bytes = log
    bytes[place] ^= 0x10
    try DurableFile.replace("\(options.folder)/state.db", with: database)
    try DurableFile.replace("\(options.folder)/state.db-wal", with: bytes)
    let opened = try expectSoundStart(options, damaged.states, "byte \(place)")
    #expect((opened.restored?.generation ?? 0) >= 6, "what is in the database is never lost with the log")
  }
}

/// The start restores a state that was stored once (or nothing), and storing works within a few attempts.
@discardableResult
private func expectSoundStart(
  _ options: StoreOptions, _ states: [Int64: StudioState], _ what: String
) throws -> OpenedStore {
  let opened = GenerationStore.openOrQuarantine(options)
  if let restored = opened.restored, restored.rung != .partial {
    #expect(restored.state == states[restored.generation], "\(what): generation \(restored.generation) is mixed")
  }
  let state = sampleState(layers: 2).setting("layer-2", mix: 0.123)
  var stored: StoredGeneration?
  for _ in 0..<4 where stored == nil {
    stored = try? opened.store.store(snapshot(state, 1000), requests: 1)
  }
  #expect(stored != nil, "\(what): nothing can be stored: \(opened.reports)")
  let reader = try GenerationReader.open(.studio, databasePath: "\(options.folder)/state.db")
  defer { reader.close() }
  let head = try #require(try reader.head())
  #expect(try reader.load(head.generation).state == state, "\(what)")
  return opened
}
