import DurableFiles
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Testing

@testable import GenerationStore

@Test func aStoredStateIsReadBackTheSame() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = sampleState(layers: 3)
  let stored = try store.store(snapshot(state, 7, reason: "layer.add"), requests: 4)
  #expect(stored.generation == 1)
  #expect(stored.sequence == 7)
  #expect(stored.isKeyframe)

  let loaded = try fixture.reader().load(1)
  #expect(loaded.state == state)
  #expect(loaded.summary.sequence == 7)
  #expect(loaded.summary.requests == 4)
  #expect(loaded.summary.reason == "layer.add")
  #expect(loaded.summary.actor == "osc:127.0.0.1:50123")
  #expect(loaded.summary.origin == "mutation")
  #expect(loaded.summary.items == 3)
  #expect(loaded.summary.storedAt == "2025-11-23T09:36:00.123Z")
  #expect(loaded.summary.isCurrent)
}

@Test func aStoreWritesOnlyWhatChanged() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = sampleState(layers: 20)
  try store.put(state, 1)
  let second = try store.put(state.setting("layer-5", mix: 0.75), 2)
  #expect(!second.isKeyframe)
  #expect(second.bytes < 500)
  let rows = StoredRows(connection: try store.openSession().connection)
  #expect(try rows.references().count == 24)
  #expect(try fixture.reader().load(2).state == state.setting("layer-5", mix: 0.75))
  #expect(try fixture.reader().load(1).state == state)
}

@Test func aDocumentWithTheSameBytesIsNotWrittenAgain() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = sampleState(layers: 9)
  try store.put(state, 1)
  // The layer is another object with the same content; the packages are another catalog with the same headers.
  var same = state.setting("layer-2", mix: 0.5)
  same.packages = PackageCatalog(storedJSON: sampleCatalog.storedJSON)
  try store.put(same, 2)
  #expect(try StoredRows(connection: store.openSession().connection).references().count == 12)
  #expect(try fixture.reader().load(2).state == state)
}

@Test func addedMovedAndRemovedLayersAreStored() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  var state = sampleState(layers: 6)
  try store.put(state, 1)
  var sequence: UInt64 = 1
  for change in [
    { (state: inout StudioState) in state.layers.insert(sampleLayer("new"), at: 2) },
    { state in state.layers.move(layerID("layer-1"), to: 5) },
    { state in state.layers.remove(layerID("layer-3")) },
    { state in state.config.frameRate = 50 },
    { state in
      state.layers.remove(layerID("new"))
      state.layers.insert(sampleLayer("new", mix: 0.1), at: 0)
    },
  ] {
    change(&state)
    sequence += 1
    try store.put(state, sequence)
    #expect(try fixture.reader().load(Int64(sequence)).state == state)
  }
  try store.expectSound()
}

@Test func anEmptyShowIsAStateToo() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.put(StudioState(), 1)
  let loaded = try fixture.reader().load(1)
  #expect(loaded.state.layers.isEmpty)
  #expect(GenerationStore.openOrQuarantine(try fixture.copy("copy")).restored?.rung == .newest)
}

@Test func afterOpeningEverythingIsStoredAfresh() throws {
  let fixture = try StoreFixture()
  let state = sampleState(layers: 4)
  let first = try fixture.open()
  try first.put(state, 1)
  try first.close()
  let stored = try fixture.open().put(state.setting("layer-1", mix: 0.1), 2)
  #expect(stored.generation == 2)
  #expect(stored.isKeyframe)
}

@Test func whatWasRestoredIsTheBaselineOfTheNextStore() throws {
  let fixture = try StoreFixture()
  let first = try fixture.open()
  try first.put(sampleState(layers: 20), 1)
  try first.close()
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  let restored = try #require(opened.restored)
  #expect(restored.rung == .newest)
  #expect(restored.lost.isEmpty)
  #expect(opened.reports.isEmpty)
  #expect(opened.failure == nil)
  let (state, _) = restored.state.reconciled(with: PackageCatalog(storedJSON: sampleCatalog.storedJSON))
  let stored = try opened.store.put(state.setting("layer-1", mix: 0.1), 2)
  #expect(!stored.isKeyframe)
  #expect(stored.bytes < 500)
  try opened.store.expectSound()
}

@Test func theSameSequenceIsNeverStoredTwice() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = sampleState(layers: 2)
  let first = try store.put(state, 5)
  #expect(try store.put(state, 5) == first)
  try store.close()
  // As after a COMMIT of which the outcome was not known.
  let again = try fixture.open()
  #expect(try again.put(state, 5) == first)
  #expect(try fixture.reader().list().count == 1)
}

@Test func anotherStateWithASequenceThatIsStoredIsRefused() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = sampleState(layers: 2)
  try store.put(state, 5)
  for sequence: UInt64 in [5, 4] {
    let failure = #expect(throws: StoreFailure.self) { try store.put(state.setting("layer-1", mix: 0.9), sequence) }
    #expect(failure?.code == .invariant)
  }
  #expect(try store.put(state.setting("layer-1", mix: 0.9), 6).generation == 2)
}

@Test func keyframesComeAtTheirInterval() throws {
  let fixture = try StoreFixture()
  fixture.options.keyframeInterval = 5
  let store = try fixture.open()
  try store.fill(16, from: sampleState(layers: 8))
  let keyframes = try fixture.reader().list().filter(\.isKeyframe).map(\.generation)
  #expect(keyframes == [16, 11, 6, 1])
}

@Test func aPinMakesTheNextStoreAKeyframe() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 8))
  try store.pin(2, label: "dress rehearsal")
  #expect(try store.put(state.setting("layer-2", mix: 0.1), 4).isKeyframe)
  #expect(try !store.put(state.setting("layer-2", mix: 0.2), 5).isKeyframe)
  let reader = try fixture.reader()
  let pinned = try #require(try StoredRows(connection: reader.connection).generation(2)?.documents)
  let head = try #require(try StoredRows(connection: reader.connection).generation(5)?.documents)
  #expect(head.subtracting(pinned) == head)
}

@Test func generationNumbersGrowBeyondTheHighWaterMark() throws {
  let fixture = try StoreFixture()
  let first = try fixture.open()
  let state = try first.fill(5, from: sampleState(layers: 1))
  try first.close()
  #expect(HeadFile.read("\(fixture.folder)/head.json")?.generation == 5)
  // The database is lost, and the file beside it is not.
  try DurableFile.remove(fixture.database)
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.restored == nil)
  #expect(opened.reports.contains { $0.contains("generation 5 was stored") })
  #expect(opened.store.highWaterMark.sequence == 5)
  #expect(try opened.store.put(state, 6).generation == 6)
}

@Test(arguments: [
  "", "{", "null", "{\"generation\":-4,\"sequence\":1}", "{\"generation\":\"x\",\"sequence\":1}",
  "{\"generation\":1,\"sequence\":9223372036854775807}",
])
func aDamagedHighWaterMarkStopsNothing(content: String) throws {
  let fixture = try StoreFixture()
  try fixture.open().put(sampleState(layers: 1), 1)
  try DurableFile.replace("\(fixture.folder)/head.json", with: Array(content.utf8))
  let store = try fixture.open()
  #expect(store.highWaterMark.generation == 1)
  #expect(try store.put(sampleState(layers: 2), 2).generation == 2)
  #expect(HeadFile.read("\(fixture.folder)/head.json")?.generation == 2)
}

@Test func reasonsAndActorsFromOutsideAreBounded() throws {
  let fixture = try StoreFixture()
  let long = String(repeating: "é", count: 500)
  _ = try fixture.open().store(snapshot(sampleState(layers: 1), 1, reason: long), requests: 1)
  let summary = try #require(try fixture.reader().head())
  #expect(summary.reason.utf8.count <= 210)
  #expect(try fixture.reader().verify(1).isEmpty)
}

@Test func factsTellSizesAndCounts() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.fill(3, from: sampleState(layers: 2))
  try store.pin(1, label: "a")
  try store.markProven(2)
  let facts = store.facts
  #expect(facts.walBytes > 0)
  #expect(facts.databaseBytes > 0 || facts.walBytes > 0)
  #expect(facts.ring == StoreFacts.Ring(count: 3, capacity: 64, pinned: 1, oldest: 1, newest: 3))
  #expect(facts.provenGeneration == 2)
  store.rest(idleFor: .seconds(2))
  #expect(store.facts.walBytes == 0)
  #expect(store.facts.trouble == nil)
}
