import DurableFiles
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Testing

@testable import GenerationStore

/// A closed data folder with generations 1 (keyframe) to 4, each with another value in layer-1.
private func damagedFolder(_ sql: String...) throws -> (StoreFixture, [Int64: StudioState]) {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  var states: [Int64: StudioState] = [:]
  var state = sampleState(layers: 3)
  for sequence: UInt64 in 1...4 {
    state = state.setting("layer-1", mix: Double(sequence) / 10)
    states[try store.put(state, sequence).generation] = state
  }
  try store.close()
  for statement in sql { try fixture.tamper(statement) }
  return (fixture, states)
}

// Damage that the checksums detect.

@Test(
  arguments: [
    ("UPDATE document SET body = replace(body, '0.4', '0.5') WHERE document = 9", "layer layer-1"),
    ("UPDATE document SET name = 'layer-9' WHERE document = 9", "layer layer-9"),
    ("UPDATE document SET checksum = checksum + 1 WHERE document = 9", "layer layer-1"),
    ("DELETE FROM document WHERE document = 9", "document 9"),
    // Set back to the content of the generation before, together with its checksum.
    (
      "UPDATE document SET (body, checksum) = (SELECT body, checksum FROM document WHERE document = 8) WHERE document = 9",
      "manifest"
    ),
    ("UPDATE generation SET sequence = 99 WHERE generation = 4", "manifest"),
    ("UPDATE generation SET reason = 'x' WHERE generation = 4", "manifest"),
    ("UPDATE generation SET stored_at_unix_ms = 0 WHERE generation = 4", "manifest"),
    ("UPDATE generation SET documents = '[[1,3],[5,6],[8,8]]' WHERE generation = 4", "manifest"),
    ("UPDATE generation SET documents = 'x' WHERE generation = 4", "manifest"),
    ("UPDATE generation SET documents = '[[1,4000000000]]' WHERE generation = 4", "manifest"),
    ("UPDATE document SET body = '[]' WHERE document = 9", "layer layer-1"),
  ] as [(String, String)])
func damageIsSeenAndTheOlderGenerationLoads(sql: String, document: String) throws {
  let (fixture, states) = try damagedFolder(sql)
  let reader = try fixture.reader()
  let damaged = try reader.verify(4)
  #expect(damaged.contains { $0.document == document }, "\(damaged)")
  let unreadable = #expect(throws: GenerationReadFailure.self) { try reader.load(4) }
  #expect(unreadable?.code == .damaged)
  #expect(try reader.verify(3).isEmpty)

  let opened = GenerationStore.openOrQuarantine(fixture.options)
  let restored = try #require(opened.restored)
  #expect(restored.rung == .older)
  #expect(restored.generation == 3)
  #expect(restored.state == states[3])
  #expect(restored.lost.contains { $0.contains("generation 4") })
  #expect(opened.failure == nil)
  #expect(opened.store.freezesPruning)
  // The damaged one stays where it is; what comes next is whole, and shares nothing with it.
  let stored = try opened.store.put(restored.state.setting("layer-2", mix: 0.9), 5)
  #expect(stored.generation == 5)
  #expect(stored.isKeyframe)
  #expect(try reader.list().map(\.generation) == [5, 4, 3, 2, 1])
  #expect(try reader.verify(5).isEmpty)
}

@Test func exchangedRowsAreSeen() throws {
  // Both rows are undamaged by themselves; only the generation's checksum knows which id has which.
  let (fixture, _) = try damagedFolder(
    "UPDATE document SET document = -1 WHERE document = 5", "UPDATE document SET document = 5 WHERE document = 6",
    "UPDATE document SET document = 6 WHERE document = -1")
  for generation: Int64 in 1...4 {
    #expect(try fixture.reader().verify(generation).map(\.document) == ["manifest"])
  }
}

@Test func aFlippedByteInTheFileIsSeen() throws {
  let (fixture, states) = try damagedFolder()
  var bytes = try #require(try DurableFile.read(fixture.database, limit: 1 << 30))
  let place = try #require(bytes.firstRange(of: Array("\"mix\":0.4".utf8)))
  bytes[place.upperBound - 1] ^= 1
  try DurableFile.replace(fixture.database, with: bytes)
  // SQLite itself has nothing to say about it.
  #expect(try fixture.reader().integrityProblems().isEmpty)
  #expect(try fixture.reader().verify(4).map(\.document) == ["layer layer-1"])
  #expect(GenerationStore.openOrQuarantine(fixture.options).restored?.state == states[3])
}

/// A document that all generations share is damaged: the keyframe before bounds the loss, and without one the newest
/// generation comes back without that layer.
@Test func withoutAWholeGenerationTheRestOfTheNewestIsShown() throws {
  let (fixture, states) = try damagedFolder("UPDATE document SET body = 'x' WHERE name = 'layer-2'")
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  let restored = try #require(opened.restored)
  #expect(restored.rung == .partial)
  #expect(restored.generation == 4)
  #expect(restored.state.layers.map(\.id.rawValue) == ["layer-1", "layer-3"])
  #expect(restored.state.layers[layerID("layer-1")] == states[4]?.layers[layerID("layer-1")])
  #expect(restored.lost.contains { $0.contains("layer layer-2") })
  #expect(opened.store.freezesPruning)
  #expect(try opened.store.put(restored.state, 5).isKeyframe)
}

@Test func keyframesLimitWhatOnePageCanDamage() throws {
  let fixture = try StoreFixture()
  fixture.options.keyframeInterval = 4
  let store = try fixture.open()
  try store.fill(12, from: sampleState(layers: 3))
  try store.close()
  // A document of the middle keyframe.
  try fixture.tamper("UPDATE document SET body = 'x' WHERE name = 'layer-2' AND document BETWEEN 9 AND 16")
  let reader = try fixture.reader()
  let valid = try (1...12).filter { try reader.verify($0).isEmpty }
  #expect(valid == [1, 2, 3, 4, 9, 10, 11, 12])
}

@Test func withNothingReadableTheHostStartsAndStores() throws {
  let (fixture, _) = try damagedFolder("UPDATE document SET body = 'x'")
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.restored == nil)
  #expect(!opened.reports.isEmpty)
  #expect(try opened.store.put(sampleState(layers: 1), 5).generation == 5)
}

/// Pruning goes by manifests: one that is damaged must not make it delete what its neighbours need.
@Test(arguments: ["x", "[[1,1]]", "[[1,900]]", "[[1,6],[8,9]]"])
func aDamagedManifestNeverCostsOthersTheirDocuments(manifest: String) throws {
  let (fixture, states) = try damagedFolder("UPDATE generation SET documents = '\(manifest)' WHERE generation = 2")
  fixture.options.retention = RetentionPolicy(newest: 4, hourly: 0, daily: 0)
  let store = try fixture.open()
  var state = try #require(states[4])
  for sequence: UInt64 in 5...9 {
    state = state.setting("layer-3", mix: Double(sequence) / 10)
    try store.put(state, sequence)
    let reader = try fixture.reader()
    for summary in try reader.list() where summary.generation != 2 {
      #expect(try reader.verify(summary.generation).isEmpty, "generation \(summary.generation) after \(sequence)")
    }
  }
  try store.close()
  let again = try fixture.open()
  try again.put(state.setting("layer-1", mix: 0.7), 10)
  try again.expectSound()
}

// Damage that SQLite detects.

@Test func aDatabaseWithABrokenListGoesToQuarantineAndWhatCanBeReadIsKept() throws {
  let fixture = try StoreFixture()
  fixture.options.keyframeInterval = 10
  let store = try fixture.open()
  let last = try store.fill(40, from: sampleState(layers: 3))
  try store.pin(35, label: "kept")
  _ = try store.beginRun(generation: 35)
  try store.close()
  // Garbage over the page that holds the rows of some generations in the middle.
  let connection = try Connection(fixture.database, .copy)
  let page = try #require(
    try connection.integer("SELECT pageno FROM dbstat WHERE name = 'generation' AND pagetype = 'leaf' LIMIT 1 OFFSET 1")
  )
  connection.close()
  var bytes = try #require(try DurableFile.read(fixture.database, limit: 1 << 30))
  for index in (Int(page) - 1) * 1024..<Int(page) * 1024 { bytes[index] = 0xA5 }
  try DurableFile.replace(fixture.database, with: bytes)

  let opened = GenerationStore.openOrQuarantine(fixture.options)
  let restored = try #require(opened.restored)
  #expect(restored.rung == .salvaged)
  #expect(restored.state == last)
  #expect(opened.failure == nil)
  let list = try fixture.reader().list()
  #expect(list.first?.generation == 40)
  #expect(list.last?.generation == 1)
  #expect((25..<40).contains(list.count), "\(list.count)")
  #expect(list.first { $0.generation == 35 }?.pin == "kept")
  #expect(try fixture.reader().runs().count == 1)
  try opened.store.expectSound()
  let incidents = try FolderListing.entries(of: "\(fixture.folder)/quarantine")
  let kept = try DurableFile.read("\(fixture.folder)/quarantine/\(incidents[0].name)/state.db", limit: 1 << 30)
  #expect(kept == bytes)
  #expect(try opened.store.put(last.setting("layer-2", mix: 0.9), 41).isKeyframe)
}

/// Every page of the file in turn is overwritten with garbage. Whatever it held, the start goes on air, nothing is
/// deleted, and storing works, at once or after one failure that says what is wrong.
@Test func withAnyPageBrokenTheHostStartsAndStores() throws {
  let fixture = try StoreFixture()
  fixture.options.keyframeInterval = 5
  let store = try fixture.open()
  let last = try store.fill(11, from: sampleState(layers: 4))
  try store.close()
  let whole = try #require(try DurableFile.read(fixture.database, limit: 1 << 30))
  var rungs: [String: Int] = [:]
  for page in 0..<whole.count / 1024 {
    var options = fixture.options
    options.folder = "\(fixture.root)/page-\(page)"
    try DataFolder.createFolder(options.folder)
    var bytes = whole
    for index in page * 1024..<(page + 1) * 1024 { bytes[index] = UInt8(truncatingIfNeeded: index &* 31 &+ 7) }
    try DurableFile.replace("\(options.folder)/state.db", with: bytes)

    let opened = GenerationStore.openOrQuarantine(options)
    rungs[opened.restored?.rung.description ?? "nothing", default: 0] += 1
    if let restored = opened.restored, restored.rung != .partial {
      #expect(restored.state.layers.count == 4)
    }
    let state = opened.restored?.state ?? last
    var stored: StoredGeneration?
    var failures: [StoreFailure] = []
    for sequence: UInt64 in 100...103 where stored == nil || sequence == 103 {
      do throws(StoreFailure) {
        stored = try opened.store.store(snapshot(state.setting("layer-1", mix: 0.777), sequence), requests: 1)
      } catch {
        failures.append(error)
      }
    }
    #expect(stored != nil, "page \(page): \(failures)")
    #expect(failures.allSatisfy { $0.code == .corrupt }, "page \(page): \(failures)")
    let reader = try GenerationReader.open(.studio, databasePath: "\(options.folder)/state.db")
    let head = try #require(try reader.head())
    #expect(try reader.load(head.generation).state == state.setting("layer-1", mix: 0.777))
    // What went to quarantine is there, whole.
    for incident in (try? FolderListing.entries(of: "\(options.folder)/quarantine")) ?? [] {
      let kept = try DurableFile.read("\(options.folder)/quarantine/\(incident.name)/state.db", limit: 1 << 30)
      #expect((kept?.count ?? 0) >= whole.count)
    }
  }
  #expect(rungs["newest", default: 0] > 0)
  #expect(rungs["older", default: 0] + rungs["partial", default: 0] + rungs["salvaged", default: 0] > 0, "\(rungs)")
}

// Files that are not databases of ours.

@Test(arguments: ["garbage", "foreign", "empty file beside a log", "log alone"])
func whatIsNoDatabaseOfOursIsMovedToQuarantineAndNeverDeleted(kind: String) throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.fill(3, from: sampleState(layers: 2))
  let copied = try fixture.copy("copy")
  let database = "\(copied.folder)/state.db"
  switch kind {
  case "garbage":
    try DurableFile.replace(database, with: Array(repeating: 0x41, count: 5000))
    try DurableFile.remove("\(database)-wal")
  case "foreign":
    try DurableFile.remove(database)
    try DurableFile.remove("\(database)-wal")
    let foreign = try Connection(database, .copy)
    try foreign.execute("CREATE TABLE mine(x); INSERT INTO mine VALUES (1)")
    foreign.close()
  case "empty file beside a log": try DurableFile.replace(database, with: [])
  default: try DurableFile.remove(database)
  }
  let before = try DurableFile.read(database, limit: 1 << 30)
  let logBefore = try DurableFile.read("\(database)-wal", limit: 1 << 30)

  let opened = GenerationStore.openOrQuarantine(copied)
  // Whatever lies there, a log of ours is searched.
  #expect(opened.restored?.generation == (logBefore == nil ? nil : 3))
  #expect(opened.failure == nil)
  #expect(opened.reports.contains { $0.contains("quarantine") })
  let incidents = try FolderListing.entries(of: "\(copied.folder)/quarantine")
  let incident = "\(copied.folder)/quarantine/\(try #require(incidents.first).name)"
  #expect(incidents.count == 1)
  #expect(try DurableFile.read("\(incident)/state.db", limit: 1 << 30) == before)
  #expect(try DurableFile.read("\(incident)/state.db-wal", limit: 1 << 30) == logBefore)
  #expect(try opened.store.put(sampleState(layers: 1), 50).sequence == 50)
}

@Test func openingAloneRefusesWhatItCantUse() throws {
  let fixture = try StoreFixture()
  try DataFolder.createFolder(fixture.folder)
  try DurableFile.replace(fixture.database, with: Array(repeating: 0x41, count: 5000))
  let failure = #expect(throws: StoreFailure.self) { try fixture.open() }
  #expect(failure?.code == .corrupt)
  #expect(try DurableFile.read(fixture.database, limit: 9000)?.count == 5000)
}

/// After the database was moved; its log and shared memory may be moved already, or not yet.
@Test(arguments: [[], ["state.db-wal"], ["state.db-shm"], ["state.db-wal", "state.db-shm"]])
func anInterruptedReplacementIsFinished(left: [String]) throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 2))
  try store.close()
  let folder = "\(fixture.folder)/quarantine/20251123T093600Z-damaged"
  try DataFolder.createFolder(folder)
  try DurableFile.moveDurably(from: fixture.database, to: "\(folder)/rebuilt.db")
  try DurableFile.replace("\(folder)/state.db", with: Array("damaged".utf8))
  for name in left { try DurableFile.replace("\(fixture.folder)/\(name)", with: Array("left".utf8)) }
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.restored?.state == state)
  #expect(opened.reports.contains { $0.contains("put in its place") })
  for name in left { #expect(try DurableFile.read("\(folder)/\(name)", limit: 100) == Array("left".utf8)) }
}

/// What was rebuilt in an attempt that got no further is older than what a later one made: it is not put in the place
/// of the database, but it is better than an empty show.
@Test func whatWasRebuiltForADatabaseThatWasNeverMovedIsAPredecessorAndNoMore() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.fill(3, from: sampleState(layers: 2))
  try store.close()
  let folder = "\(fixture.folder)/quarantine/20251123T093600Z-damaged"
  try DataFolder.createFolder(folder)
  try DurableFile.moveDurably(from: fixture.database, to: "\(folder)/rebuilt.db")
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.restored?.rung == .predecessor)
  #expect(opened.restored?.generation == 3)
  #expect(DatabaseFiles.size(of: "\(folder)/rebuilt.db") != nil)
}

@Test func aLogThatWasLostIsReported() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  var state = try store.fill(2, from: sampleState(layers: 2))
  store.rest(idleFor: .seconds(3))
  state = try store.fill(3, from: state, firstSequence: 3)
  let copied = try fixture.copy("copy")
  let mark = try #require(try DurableFile.read("\(fixture.folder)/head.json", limit: 4096))
  try DurableFile.replace("\(copied.folder)/head.json", with: mark)
  try DurableFile.remove("\(copied.folder)/state.db-wal")
  let opened = GenerationStore.openOrQuarantine(copied)
  #expect(opened.restored?.generation == 2)
  #expect(opened.reports.contains { $0.contains("3 are missing") }, "\(opened.reports)")
  #expect(try opened.store.put(state, 6).generation == 6)
}

@Test func aStartCanBeginBelowTheNewest() throws {
  let (fixture, states) = try damagedFolder()
  let opened = GenerationStore.openOrQuarantine(fixture.options, from: 2)
  #expect(opened.restored?.state == states[2])
  #expect(opened.restored?.rung == .older)
  #expect(opened.store.freezesPruning)
  #expect(try opened.store.put(try #require(states[2]), 5).generation == 5)
}

// Pages whose keys are damaged: SQLite hands out their rows as they lie.

@Test func rowsThatAreOutOfPlaceAreDamage() throws {
  let (fixture, _) = try damagedFolder()
  try fixture.changeLastLeaf(ofTable: "document") { leaf in
    // The last two cells change places, as their pointers do.
    let end = 8 + 2 * Int(leaf[4])
    leaf.swapAt(end - 1, end - 3)
    leaf.swapAt(end - 2, end - 4)
  }
  let reader = try fixture.reader()
  #expect(try reader.verify(4).isEmpty == false)
  reader.close()
  expectNothingLostSilently(fixture)
}

@Test(arguments: ["document", "generation"])
func aRowBeyondAllNumbersIsDamage(table: String) throws {
  let (fixture, _) = try damagedFolder()
  try fixture.tamper(
    "UPDATE \(table) SET \(table) = \(Int64.max) WHERE \(table) = (SELECT max(\(table)) FROM \(table))")
  expectNothingLostSilently(fixture)
}

/// A start on the damage comes up, says so, and stores.
private func expectNothingLostSilently(_ fixture: StoreFixture) {
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.failure == nil)
  #expect(opened.restored?.rung != .newest)
  #expect(!opened.reports.isEmpty)
  #expect(throws: Never.self) { try opened.store.put(sampleState(layers: 1), 100) }
}

extension StoreFixture {
  /// Changes the page of the database that holds the last rows of a table that fits in one page or two levels of them.
  fileprivate func changeLastLeaf(ofTable table: String, _ change: (inout [UInt8]) -> Void) throws {
    let connection = try Connection(database, .copy)
    let root = try #require(try connection.integer("SELECT rootpage FROM sqlite_schema WHERE name = '\(table)'"))
    let size = Int(try #require(try connection.integer("PRAGMA page_size")))
    connection.close()
    var file = try #require(try DurableFile.read(database, limit: 1 << 24))
    var start = (Int(root) - 1) * size
    // The file format's section 1.6: 13 is a leaf, 5 an inner page, whose right-most child stands at offset 8.
    if file[start] == 5 { start = (file[start + 8..<start + 12].reduce(0) { $0 << 8 | Int($1) } - 1) * size }
    try #require(file[start] == 13)
    var leaf = Array(file[start..<start + size])
    change(&leaf)
    file.replaceSubrange(start..<start + size, with: leaf)
    try DurableFile.replace(database, with: file)
  }
}
