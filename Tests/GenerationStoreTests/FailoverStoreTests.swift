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

/// A store with two folders, the first of which can be taken away and given back.
private final class TwoFolders {
  let fixture: StoreFixture
  let first: GenerationStore
  let store: FailoverStore
  var state: StudioState
  private(set) var sequence: UInt64 = 0

  init(_ fixture: StoreFixture? = nil) throws {
    self.fixture = try fixture ?? StoreFixture()
    first = try self.fixture.open()
    var second = self.fixture.options
    second.folder = "\(self.fixture.root)/second"
    store = FailoverStore(first: first, second: second)
    state = sampleState(layers: 3)
  }

  var secondFolder: String { "\(fixture.root)/second" }

  /// One change, and the attempts to store it until one succeeds.
  func change(attempts: Int = 1) throws -> StoredGeneration {
    sequence += 1
    state = state.setting("layer-1", mix: Double(sequence) / 100)
    for _ in 1..<attempts {
      #expect(throws: StoreFailure.self) { try self.store.store(snapshot(self.state, self.sequence), requests: 1) }
    }
    return try store.store(snapshot(state, sequence), requests: 1)
  }

  /// In the place of the folder lies a file: nothing can be opened there.
  func takeAway() throws {
    try DurableFile.moveDurably(from: fixture.folder, to: "\(fixture.folder)-away")
    try DurableFile.replace(fixture.folder, with: [])
  }

  func giveBack() throws {
    try DurableFile.remove(fixture.folder)
    try DurableFile.moveDurably(from: "\(fixture.folder)-away", to: fixture.folder)
  }

  /// As a host does at its start.
  func noteSecondFolder() throws {
    var record = Elsewhere(dataFolder: fixture.folder)
    record.noteFolder(secondFolder)
    try record.write(to: fixture.folder)
  }

  /// A folder lies in the place of the database: nothing can be opened there, and the disk takes other files.
  func failFirst() throws {
    first.drop()
    for name in DataFolderLayout.databaseNames where DatabaseFiles.identity(of: "\(fixture.folder)/\(name)") != nil {
      try DurableFile.moveDurably(from: "\(fixture.folder)/\(name)", to: "\(fixture.root)/\(name)")
    }
    try DataFolder.createFolder(fixture.database)
  }

  func healFirst() throws {
    rmdir(fixture.database)
    for name in DataFolderLayout.databaseNames where DatabaseFiles.identity(of: "\(fixture.root)/\(name)") != nil {
      try DurableFile.moveDurably(from: "\(fixture.root)/\(name)", to: "\(fixture.folder)/\(name)")
    }
  }

  func newest(in folder: String) throws -> LoadedGeneration {
    let reader = try GenerationReader.open(.studio, databasePath: "\(folder)/state.db")
    defer { reader.close() }
    return try reader.load(try #require(try reader.head()).generation)
  }
}

@Test func theSecondFolderTakesOverAndTheFirstGetsTheNewestStateBack() throws {
  let folders = try TwoFolders()
  #expect(try folders.change().generation == 1)
  #expect(try folders.change().generation == 2)
  try folders.takeAway()
  // The numbers run on, so that nobody takes the second folder's generations for other ones.
  let over = try folders.change(attempts: 4)
  #expect(over.generation == 3)
  #expect(folders.store.facts.failover?.folder == folders.secondFolder)
  #expect(folders.store.facts.stored?.generation == 3)
  #expect(folders.store.facts.failover?.cause.code == .cannotOpen || folders.store.facts.failover?.cause.code == .moved)
  #expect(try folders.change().generation == 4)
  #expect(try folders.newest(in: folders.secondFolder).state == folders.state)
  #expect(folders.fixture.notices.all.contains { $0.contains("is stored in \(folders.secondFolder)") })

  for _ in 0..<10 { folders.store.rest(idleFor: .seconds(1)) }
  #expect(folders.store.facts.failover != nil, "the first folder is still away")
  try folders.giveBack()
  for _ in 0..<20 { folders.store.rest(idleFor: .seconds(1)) }
  #expect(folders.store.facts.failover == nil)
  let back = try folders.newest(in: folders.fixture.folder)
  #expect(back.state == folders.state)
  #expect(back.summary.sequence == 4)
  #expect(back.summary.generation == 5)
  // What health, page and metrics name is the generation of the folder that is used.
  #expect(folders.store.facts.stored?.generation == 5)
  #expect(folders.store.facts.stored?.sequence == 4)
  #expect(folders.fixture.notices.all.contains { $0.contains("works again") })
  #expect(try folders.change().generation == 6)
  try folders.first.expectSound()
}

@Test func whenBothFoldersAreIllTheOneThatIsWellFirstTakesTheNewestState() throws {
  let folders = try TwoFolders()
  _ = try folders.change()
  try DurableFile.replace(folders.secondFolder, with: [])
  try folders.takeAway()
  for _ in 0..<6 {
    let failure = #expect(throws: StoreFailure.self) {
      try folders.store.store(snapshot(folders.state.setting("layer-2", mix: 0.9), 2), requests: 1)
    }
    #expect(failure?.canRetry == true)
  }
  try DurableFile.remove(folders.secondFolder)
  _ = try folders.store.store(snapshot(folders.state.setting("layer-2", mix: 0.9), 2), requests: 1)
  #expect(folders.store.facts.failover != nil)
  // Now the second one goes, and the first one is back.
  try DurableFile.moveDurably(from: folders.secondFolder, to: "\(folders.secondFolder)-away")
  try DurableFile.replace(folders.secondFolder, with: [])
  try folders.giveBack()
  let stored = try folders.store.store(snapshot(folders.state.setting("layer-2", mix: 0.8), 3), requests: 1)
  #expect(stored.sequence == 3)
  #expect(folders.store.facts.failover == nil)
  try folders.first.expectSound()
}

@Test func anIdleShowWhoseFolderVanishesIsStoredInTheSecondOne() throws {
  let folders = try TwoFolders()
  _ = try folders.change()
  try folders.takeAway()
  for _ in 0..<4 { folders.store.rest(idleFor: .seconds(1)) }
  #expect(try folders.newest(in: folders.secondFolder).state == folders.state)
}

@Test func aStartTakesTheShowFromTheSecondFolderWhenTheHostEndedThere() throws {
  let folders = try TwoFolders()
  _ = try folders.change()
  try folders.takeAway()
  _ = try folders.change(attempts: 4)
  // kill -9 here; the first disk is back at the next start, and older.
  try folders.giveBack()
  var opened = GenerationStore.openOrQuarantine(folders.fixture.options)
  #expect(opened.restored?.sequence == 1)
  opened.restoreNewer(given: folders.secondFolder, record: Elsewhere())
  let restored = try #require(opened.restored)
  #expect(restored.state == folders.state)
  #expect(restored.rung == .secondFolder)
  #expect(restored.lost.isEmpty && opened.lost.isEmpty)
  #expect(opened.store.highWaterMark.generation == 2)
  #expect(try opened.store.put(restored.state, 3).generation == 3)
  opened.restoreNewer(given: folders.secondFolder, record: Elsewhere())
  #expect(opened.restored?.sequence == restored.sequence, "the first folder is the newer one again")
}

@Test func aFirstDiskThatWasReplacedGetsTheShowOfTheSecond() throws {
  let folders = try TwoFolders()
  _ = try folders.change()
  try folders.takeAway()
  _ = try folders.change(attempts: 4)
  try DurableFile.remove(folders.fixture.folder)
  var opened = GenerationStore.openOrQuarantine(folders.fixture.options)
  #expect(opened.restored == nil)
  opened.restoreNewer(given: folders.secondFolder, record: Elsewhere())
  #expect(opened.restored?.state == folders.state)
}

@Test func aStartWithoutTheSecondFolderFindsItInTheRecord() throws {
  let folders = try TwoFolders()
  // As a host does at its start, while the disk is well.
  try folders.noteSecondFolder()
  _ = try folders.change()
  try folders.takeAway()
  _ = try folders.change(attempts: 4)
  _ = try folders.change()
  try folders.giveBack()
  var opened = GenerationStore.openOrQuarantine(folders.fixture.options)
  opened.restoreNewer(given: nil, record: Elsewhere(dataFolder: folders.fixture.folder))
  #expect(opened.restored?.state == folders.state)
  #expect(opened.restored?.rung == .secondFolder)
  #expect(opened.lost.isEmpty)
  // It is only read: what was given there stays where it is.
  #expect(try folders.newest(in: folders.secondFolder).state == folders.state)
}

@Test func whatLiesInASecondFolderThatIsGoneIsNamedAsLost() throws {
  let folders = try TwoFolders()
  _ = try folders.change()
  try folders.failFirst()
  _ = try folders.change(attempts: 4)
  _ = try folders.change()
  #expect(folders.store.facts.failover != nil)
  // The first folder's disk took the record, although it took no store.
  let record = Elsewhere(dataFolder: folders.fixture.folder)
  #expect(record.places.map(\.folder) == [folders.secondFolder])
  #expect(record.places.first?.newest.generation == 2)
  try folders.store.close()
  #expect(Elsewhere(dataFolder: folders.fixture.folder).places.first?.newest.generation == 3)
  try folders.healFirst()
  try DurableFile.moveDurably(from: folders.secondFolder, to: "\(folders.secondFolder)-away")

  var opened = GenerationStore.openOrQuarantine(folders.fixture.options)
  opened.restoreNewer(given: nil, record: Elsewhere(dataFolder: folders.fixture.folder))
  #expect(opened.restored?.sequence == 1)
  #expect(opened.lost.count == 1)
  #expect(opened.lost.first?.contains("generation 3") == true, "\(opened.lost)")
  #expect(opened.lost.first?.contains(folders.secondFolder) == true, "\(opened.lost)")
  // Numbers that were given there are not given again.
  #expect(opened.store.highWaterMark.generation == 3)
  #expect(opened.store.highWaterMark.sequence == 3)
}

@Test func aRecordedSecondFolderOfWhichNothingIsKnownIsOnlyToldWhenItIsGone() throws {
  let folders = try TwoFolders()
  _ = try folders.change()
  var record = Elsewhere()
  record.noteFolder("/nonexistent/spare")
  var opened = GenerationStore.openOrQuarantine(folders.fixture.options)
  opened.restoreNewer(given: nil, record: record)
  #expect(opened.lost.isEmpty)
  #expect(opened.reports.contains { $0.contains("/nonexistent/spare") })
}

@Test func whatACrashLoopGuardChoseStaysAndNewerStateElsewhereIsReported() throws {
  let folders = try TwoFolders()
  _ = try folders.change()
  try folders.takeAway()
  _ = try folders.change(attempts: 4)
  try folders.giveBack()
  var opened = GenerationStore.openOrQuarantine(folders.fixture.options)
  opened.restoreNewer(given: folders.secondFolder, record: Elsewhere(), takesNewer: false)
  #expect(opened.restored?.sequence == 1)
  #expect(opened.lost.count == 1)
  #expect(opened.store.highWaterMark.sequence == 2)
}

@Test func theRecordKeepsTheFoldersWithNewsAndIsBounded() throws {
  let fixture = try StoreFixture()
  try DataFolder.createFolder(fixture.folder)
  var record = Elsewhere()
  record.note("/news", HighWaterMark(generation: 7, sequence: 9, storedAtUnixMs: 5))
  for number in 0..<10 { record.noteFolder("/spare-\(number)") }
  record.noteFolder("/news")
  try record.write(to: fixture.folder)
  let read = Elsewhere(dataFolder: fixture.folder)
  #expect(read == record)
  #expect(read.places.count == Elsewhere.capacity)
  #expect(read.places.first == .init(folder: "/news", newest: .init(generation: 7, sequence: 9, storedAtUnixMs: 5)))
  for content in ["", "{}", "{\"folders\":[{\"folder\":\"relative\",\"generation\":1,\"sequence\":1}]}", "[1"] {
    try DurableFile.replace("\(fixture.folder)/elsewhere.json", with: Array(content.utf8))
    #expect(Elsewhere(dataFolder: fixture.folder).places.isEmpty)
  }
}

@Test(
  arguments: [
    ([], 5, nil, [], []), ([.init(.holds(9))], 5, 0, [], []), ([.init(.holds(5))], 5, nil, [], []),
    ([.init(.holds(7)), .init(.holds(9), recorded: 8)], 5, 1, [], []),
    ([.init(.unreadable, recorded: 9)], 5, nil, [0], []), ([.init(.unreadable, recorded: 5)], 5, nil, [], [0]),
    ([.init(.unreadable)], 5, nil, [], [0]), ([.init(.nothing, recorded: 9)], 5, nil, [0], []),
    ([.init(.nothing, recorded: 3)], 5, nil, [], []),
    ([.init(.holds(9)), .init(.unreadable, recorded: 8)], 5, 0, [], [1]),
    ([.init(.holds(7)), .init(.unreadable, recorded: 8)], 5, 0, [1], []),
    ([.init(.unreadable, recorded: 1)], 0, nil, [0], []),
  ] as [([ElsewhereRule.Place], UInt64, Int?, [Int], [Int])])
func newerStateElsewhereIsTakenOrMissed(
  places: [ElsewhereRule.Place], known: UInt64, taken: Int?, missing: [Int], doubtful: [Int]
) {
  let decision = ElsewhereRule.decide(places, known: known)
  #expect(decision == .init(taken: taken, missing: missing, doubtful: doubtful))
}

@Test func anotherShowsSecondFolderNeverGoesOnAirAndIsNotWrittenOver() throws {
  let other = try TwoFolders()
  for _ in 0..<9 { _ = try other.change() }
  try other.first.close()
  let folders = try TwoFolders()
  _ = try folders.change()
  try DataFolder.createFolder(folders.secondFolder)
  let theirs = try #require(try DurableFile.read(other.fixture.database, limit: 1 << 30))
  try DurableFile.replace("\(folders.secondFolder)/state.db", with: theirs)

  var opened = GenerationStore.openOrQuarantine(folders.fixture.options)
  opened.restoreNewer(given: folders.secondFolder, record: Elsewhere())
  #expect(opened.restored?.sequence == 1)
  #expect(opened.reports.contains { $0.contains("another show") })

  try folders.takeAway()
  _ = try folders.change(attempts: 4)
  let newest = try folders.newest(in: folders.secondFolder)
  #expect(newest.state == folders.state)
  #expect(newest.summary.isKeyframe)
  let incidents = try FolderListing.entries(of: "\(folders.secondFolder)/quarantine")
  #expect(incidents.count == 1)
  let kept = try DurableFile.read("\(folders.secondFolder)/quarantine/\(incidents[0].name)/state.db", limit: 1 << 30)
  #expect(kept == theirs)
}

@Test func aDatabaseThatIsReplacedKeepsItsGenerationsAndItsShow() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let show = store.show
  let state = try store.fill(3, from: sampleState(layers: 2))
  store.replaceDatabase(reason: "io-errors")
  #expect(try store.put(state.setting("layer-1", mix: 0.9), 4).generation == 4)
  #expect(store.show == show)
  #expect(try fixture.reader().list().map(\.generation) == [4, 3, 2, 1])
  let incidents = try FolderListing.entries(of: "\(fixture.folder)/quarantine")
  #expect(incidents.map { $0.name.hasSuffix("io-errors") } == [true])
  try store.expectSound()
}
