import PersistenceMessages
import Studio
import StudioState
import Synchronization
import Testing

@testable import GenerationStore

// Invariant I9, one writer, and what happens when it was circumvented.

@Test func aStoreThatLosesAgainstAnotherWriterNamesItAndGoesOn() throws {
  let fixture = try StoreFixture()
  let mine = try fixture.open()
  let state = sampleState(layers: 2)
  try mine.put(state.setting("layer-1", mix: 0.125), 1)
  let other = try fixture.open()
  try other.put(state.setting("layer-1", mix: 0.375), 2)
  // Closing would empty the log, which is noticed even before the database is looked into.
  defer { try? other.close() }
  let failure = #expect(throws: StoreFailure.self) { try mine.put(state.setting("layer-1", mix: 0.625), 3) }
  #expect(failure?.code == .busy)
  #expect(failure?.message.contains("stored generation 2") == true, "\(failure?.message ?? "")")
  #expect(try mine.put(state.setting("layer-1", mix: 0.625), 3).generation == 3)
  #expect(try fixture.reader().load(3).state == state.setting("layer-1", mix: 0.625))
  #expect(try fixture.reader().load(2).state == state.setting("layer-1", mix: 0.375), "nothing is lost")
}

/// The other writer's sequences may be higher: they say nothing about this show.
@Test func aStoreThatLostGoesOnAlsoBelowTheSequenceOfTheOther() throws {
  let fixture = try StoreFixture()
  let mine = try fixture.open()
  let state = sampleState(layers: 2)
  try mine.put(state, 1)
  let other = try fixture.open()
  try other.put(state.setting("layer-1", mix: 0.375), 50)
  try other.close()
  #expect(throws: StoreFailure.self) { try mine.put(state.setting("layer-1", mix: 0.625), 2) }
  #expect(try mine.put(state.setting("layer-1", mix: 0.625), 2).generation == 3)
}

@Test func aBrokenConstraintWithoutAnotherWriterStaysABrokenRule() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.put(sampleState(layers: 2), 1)
  try fixture.tamper(
    "CREATE TRIGGER broken BEFORE INSERT ON generation BEGIN SELECT RAISE(ABORT, 'no more'); END")
  let failure = #expect(throws: StoreFailure.self) {
    try store.put(sampleState(layers: 2).setting("layer-1", mix: 0.25), 2)
  }
  #expect(failure?.code == .invariant)
}

@Test func nothingIsStoredUnderALostLock() throws {
  let fixture = try StoreFixture()
  let isOurs = Mutex(true)
  let held = StoreFailure(.busy, "host.lock is held by afterimage-host (process 1)", remedy: "End it.")
  fixture.options.claimFolder = { () throws(StoreFailure) in
    guard isOurs.withLock({ $0 }) else { throw held }
  }
  let store = try fixture.open()
  let state = sampleState(layers: 2)
  try store.put(state, 1)
  isOurs.withLock { $0 = false }
  let failure = #expect(throws: StoreFailure.self) { try store.put(state.setting("layer-1", mix: 0.25), 2) }
  #expect(failure == held)
  #expect(try fixture.reader().list().count == 1)
  #expect(store.facts.trouble == held)
  isOurs.withLock { $0 = true }
  #expect(try store.put(state.setting("layer-1", mix: 0.25), 2).generation == 2)
}
