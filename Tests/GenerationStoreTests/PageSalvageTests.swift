import DurableFiles
import PersistenceMessages
import Studio
import StudioState
import Synchronization
import Testing

@testable import GenerationStore

// Page-level salvage as a rung of the start: the ring, the pins and the marks come back, in time or later.

private func overwriteHead(_ damaged: DamagedFolder) throws {
  try damaged.change(damaged.database) { $0.replaceSubrange(0..<16, with: repeatElement(0x55, count: 16)) }
}

private func damagedFolderWithMarks() throws -> DamagedFolder {
  let damaged = try DamagedFolder()
  let store = try GenerationStore.open(damaged.options)
  try store.pin(2, label: "opening night")
  try store.markProven(5)
  try store.close()
  return damaged
}

@Test func anOverwrittenHeadCostsNeitherTheRingNorPinsNorMarks() throws {
  let damaged = try damagedFolderWithMarks()
  let show = try GenerationReader.open(.studio, databasePath: damaged.database).show()
  try overwriteHead(damaged)
  let opened = GenerationStore.openOrQuarantine(damaged.options)
  #expect(opened.restored?.rung == .salvaged)
  #expect(opened.restored?.state == damaged.states[9])
  #expect(opened.quarantined != nil)
  #expect(!opened.isSalvageOverdue)
  let reader = try GenerationReader.open(.studio, databasePath: damaged.database, besideWriter: true)
  defer { reader.close() }
  #expect(try reader.list().map(\.generation) == (1...9).reversed())
  #expect(try reader.list().first { $0.generation == 2 }?.pin == "opening night")
  #expect(try reader.list().first { $0.generation == 5 }?.isProven == true)
  #expect(try reader.show() == show)
  try opened.store.expectSound()
}

/// The budget is over at once: the show goes on air with less, and what is found later goes below it into the ring.
@Test func aSearchThatTakesTooLongIsGivenUpAndItsFindsAreAdopted() throws {
  let damaged = try damagedFolderWithMarks()
  try overwriteHead(damaged)
  var options = damaged.options
  options.salvageBudget = .zero
  let opened = GenerationStore.openOrQuarantine(options)
  #expect(opened.restored == nil)
  #expect(opened.isSalvageOverdue)
  let incident = try #require(opened.quarantined)
  let store = opened.store
  store.noteRecoveredState()
  let state = sampleState(layers: 1)
  #expect(try store.put(state, 50).generation == 10)

  let found = try BackgroundSalvage(.studio, incident: incident, wallClock: damaged.options.wallClock).run()
  #expect(found.newest == 9)
  #expect(try store.adopt(from: found.folder) == Array(1...9))
  try store.expectSound()
  #expect(store.head?.generation == 10, "what is on air stays the newest")
  let reader = try GenerationReader.open(.studio, databasePath: damaged.database, besideWriter: true)
  defer { reader.close() }
  for (generation, state) in damaged.states { #expect(try reader.load(generation).state == state) }
  #expect(try reader.list().first { $0.generation == 2 }?.pin == "opening night")
  // And storing goes on.
  #expect(try store.put(state.setting("layer-1", mix: 0.75), 51).generation == 11)
  try store.expectSound()
}

/// Time passes by the manual clock only: one look at it for each page and generation.
@Test func theBudgetIsKeptByTheMonotonicClock() throws {
  // Ended in order: from a log its head would be restored, and nothing searched.
  let damaged = try damagedFolderWithMarks()
  try overwriteHead(damaged)
  let looks = Mutex(0)
  var options = damaged.options
  options.salvageBudget = .seconds(2)
  options.uptime = {
    looks.withLock {
      $0 += 1
      // The search begins in time and is late at its third look.
      return $0 < 3 ? .seconds(10) : .seconds(12)
    }
  }
  let opened = GenerationStore.openOrQuarantine(options)
  #expect(opened.isSalvageOverdue)
  #expect(looks.withLock { $0 } == 3, "it stops at the first look that is too late")
}

@Test func generationsThatWouldCollideAreNotAdopted() throws {
  let damaged = try DamagedFolder()
  let other = try StoreFixture()
  let store = try other.open()
  try store.put(sampleState(layers: 2), 1)
  #expect(try store.adopt(from: damaged.folder).isEmpty)
  try store.expectSound()
}

@Test func aNewerWholeGenerationIsBetterThanManyOldOnes() {
  #expect(PageSalvage.isBetter([9], than: [1, 2, 3]))
  #expect(PageSalvage.isBetter([1, 2, 3], than: [3]))
  #expect(!PageSalvage.isBetter([3], than: [3]))
  #expect(!PageSalvage.isBetter([2], than: [3]))
  #expect(!PageSalvage.isBetter([], than: []))
}
