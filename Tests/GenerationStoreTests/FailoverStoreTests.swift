import DurableFiles
import PersistenceMessages
import Studio
import StudioState
import Testing

@testable import GenerationStore

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
  let newer = opened.restoreNewer(in: folders.secondFolder)
  let (restored, mark) = try #require(newer)
  #expect(restored.state == folders.state)
  #expect(restored.rung == .secondFolder)
  #expect(restored.lost.isEmpty)
  #expect(mark.generation == 2)
  opened.store.raiseHighWaterMark(to: mark)
  #expect(try opened.store.put(restored.state, 3).generation == 3)
  let again = opened.restoreNewer(in: folders.secondFolder)
  #expect(again == nil, "the first folder is the newer one again")
}

@Test func aFirstDiskThatWasReplacedGetsTheShowOfTheSecond() throws {
  let folders = try TwoFolders()
  _ = try folders.change()
  try folders.takeAway()
  _ = try folders.change(attempts: 4)
  try DurableFile.remove(folders.fixture.folder)
  var opened = GenerationStore.openOrQuarantine(folders.fixture.options)
  #expect(opened.restored == nil)
  let newer = opened.restoreNewer(in: folders.secondFolder)
  #expect(newer?.restored.state == folders.state)
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
  let newer = opened.restoreNewer(in: folders.secondFolder)
  #expect(newer == nil)
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
