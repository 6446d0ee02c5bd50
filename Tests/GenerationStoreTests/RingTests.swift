import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Testing

@testable import GenerationStore

@Test func theRingNeverExceedsItsCapacity() throws {
  let fixture = try StoreFixture()
  fixture.options.retention = RetentionPolicy(newest: 4, hourly: 0, daily: 0)
  let store = try fixture.open()
  var state = sampleState(layers: 3)
  for sequence: UInt64 in 1...30 {
    state = state.setting("layer-2", mix: Double(sequence) / 100)
    try store.put(state, sequence)
    #expect(try fixture.reader().list().count == min(4, Int(sequence)))
  }
  #expect(try fixture.reader().list().map(\.generation) == [30, 29, 28, 27])
  try store.expectSound()
}

@Test func pinnedAndProvenGenerationsSurviveTheRing() throws {
  let fixture = try StoreFixture()
  fixture.options.retention = RetentionPolicy(newest: 3, hourly: 0, daily: 0)
  let store = try fixture.open()
  let early = try store.fill(2, from: sampleState(layers: 3))
  try store.pin(2, label: "opening")
  let proven = try store.fill(2, from: early, firstSequence: 3)
  try store.markProven(4)
  try store.fill(40, from: proven, firstSequence: 5)
  let list = try fixture.reader().list()
  #expect(list.map(\.generation) == [44, 43, 42, 4, 2])
  #expect(list.map(\.pin) == [nil, nil, nil, nil, "opening"])
  #expect(list.map(\.isProven) == [false, false, false, true, false])
  #expect(try fixture.reader().load(2).state == early)
  #expect(try fixture.reader().load(4).state == proven)
  try store.expectSound()

  try store.unpin(2)
  try store.put(sampleState(layers: 1), 100)
  #expect(try fixture.reader().list().map(\.generation) == [45, 44, 43, 4])
  try store.expectSound()
}

@Test func aWholeDayIsKeptByHours() throws {
  let fixture = try StoreFixture()
  fixture.options.retention = RetentionPolicy(newest: 2, hourly: 3, daily: 2)
  let store = try fixture.open()
  var state = sampleState(layers: 2)
  for sequence: UInt64 in 1...300 {
    fixture.clock.advance(by: 20 * 60_000)
    state = state.setting("layer-1", mix: Double(sequence) / 1000)
    try store.put(state, sequence)
  }
  #expect(try fixture.reader().list().count == 2 + 3 + 2)
  try store.expectSound()
}

/// The rule that pruning compares with the two neighbours only, against the plain meaning: a document stays as long as
/// any retained generation names it. Pins come and go, states toggle and roll back, sessions end, keyframes fall due.
@Test(arguments: [1, 2, 3, 4, 5, 6])
func pruningDeletesExactlyTheUnusedDocuments(seed: UInt64) throws {
  var random = SeededGenerator(seed: seed)
  let fixture = try StoreFixture()
  fixture.options.retention = RetentionPolicy(newest: Int.random(in: 1...6, using: &random), hourly: 2, daily: 1)
  fixture.options.keyframeInterval = Int64.random(in: 3...12, using: &random)
  fixture.options.pinLimit = 4
  var store = try fixture.open()
  var state = sampleState(layers: 5)
  var history: [Int64: StudioState] = [:]
  for sequence: UInt64 in 1...160 {
    fixture.clock.advance(by: Int64.random(in: 0...40 * 60_000, using: &random))
    switch Int.random(in: 0..<12, using: &random) {
    // In order: a dictionary's own is another one in each process.
    case 0: state = history.keys.sorted().randomElement(using: &random).flatMap { history[$0] } ?? state
    case 1: state.layers.remove(layerID("layer-\(Int.random(in: 1...6, using: &random))"))
    case 2:
      let name = "layer-\(Int.random(in: 1...8, using: &random))"
      if state.layers[layerID(name)] == nil { state.layers.insert(sampleLayer(name), at: 0) }
    case 3: state.layers.move(layerID("layer-2"), to: Int.random(in: 0...4, using: &random))
    case 4: state.config.frameRate = Double.random(in: 24...60, using: &random)
    case 5:
      if let entry = store.session?.ring.entries.randomElement(using: &random) {
        try? store.pin(entry.generation, label: "pin \(sequence)")
      }
    case 6:
      if let entry = store.session?.ring.entries.first(where: { $0.pin != nil }) { try store.unpin(entry.generation) }
    case 7:
      if let entry = store.session?.ring.entries.randomElement(using: &random) {
        try store.markProven(entry.generation)
      }
    case 8:
      try store.close()
      store = try fixture.open()
    default:
      // Few values, so that a layer often goes back to what it was.
      let value = Double(Int.random(in: 0...2, using: &random)) / 2
      state = state.setting("layer-\(Int.random(in: 1...5, using: &random))", mix: value)
    }
    let stored = try store.put(state, sequence)
    history[stored.generation] = state
    if sequence.isMultiple(of: 8) { try store.expectSound() }
  }
  try store.expectSound()
  let reader = try fixture.reader()
  for summary in try reader.list() {
    let (loaded, stored) = (try reader.load(summary.generation).state, try #require(history[summary.generation]))
    #expect(loaded.layers == stored.layers)
    #expect(loaded.config == stored.config)
    // Packages are stored as long as a layer uses them.
    for layer in stored.layers { #expect(loaded.packages[layer.package] == stored.packages[layer.package]) }
  }
}

@Test func theByteBoundDropsTheOldestUnpinnedFirst() throws {
  let fixture = try StoreFixture()
  fixture.options.keyframeInterval = 1
  let store = try fixture.open()
  var state = sampleState(layers: 40)
  try store.put(state, 1)
  try store.pin(1, label: "kept")
  let size = try #require(try store.openSession().connection.integer("PRAGMA page_count")) * 1024
  try store.close()

  fixture.options.byteBound = size * 12
  let bounded = try fixture.open()
  for sequence: UInt64 in 2...40 {
    state = state.setting("layer-1", mix: Double(sequence) / 100)
    try bounded.put(state, sequence)
  }
  let numbers = try fixture.reader().list().map(\.generation)
  #expect(numbers.last == 1)
  #expect((9...30).contains(numbers.count))
  let connection = try bounded.openSession().connection
  let pages = try #require(try connection.integer("PRAGMA page_count"))
  #expect((pages - (try connection.integer("PRAGMA freelist_count") ?? 0)) * 1024 <= fixture.options.byteBound)
  #expect(numbers.dropLast() == Array(((40 - Int64(numbers.count) + 2)...40).reversed())[...])
  try bounded.expectSound()
}

@Test func eightGenerationsStayHoweverLargeTheyAre() throws {
  let fixture = try StoreFixture()
  fixture.options.byteBound = 1
  let store = try fixture.open()
  try store.fill(20, from: sampleState(layers: 10))
  #expect(try fixture.reader().list().map(\.generation) == Array((13...20).reversed()))
  try store.expectSound()
}

@Test func aFrozenRingKeepsWhatWasThereAndStaysBounded() throws {
  let fixture = try StoreFixture()
  fixture.options.retention = RetentionPolicy(newest: 3, hourly: 0, daily: 0)
  let store = try fixture.open()
  var state = try store.fill(5, from: sampleState(layers: 2))
  store.freezePruning()
  state = try store.fill(10, from: state, firstSequence: 6)
  #expect(try fixture.reader().list().map(\.generation) == [15, 14, 13, 5, 4, 3])

  // Proven again, on something stored since: back to normal with the next store.
  try store.markProven(5)
  #expect(store.freezesPruning)
  try store.markProven(15)
  #expect(!store.freezesPruning)
  try store.fill(1, from: state, firstSequence: 16)
  #expect(try fixture.reader().list().map(\.generation) == [16, 15, 14])
  try store.expectSound()
}

/// The freeze follows from what is on disk: neither a restart nor any number of stores ends it, only a proof does.
@Test func aFallbackNeverEvictsGoodGenerationsAlsoAfterARestart() throws {
  let fixture = try StoreFixture()
  fixture.options.retention = RetentionPolicy(newest: 3, hourly: 0, daily: 0)
  let first = try fixture.open()
  let good = try first.fill(5, from: sampleState(layers: 2))
  _ = try first.store(snapshot(StudioState(), 6, origin: .recovery), requests: 1)
  for round in 0..<3 {
    let store = try fixture.open()
    try store.fill(10, from: StudioState(layers: good.layers), firstSequence: UInt64(7 + 10 * round))
    let newest = Int64(16 + 10 * round)
    #expect(try fixture.reader().list().map(\.generation) == [newest, newest - 1, newest - 2, 6, 5, 4, 3])
    try store.close()
  }
  let store = try fixture.open()
  try store.markProven(36)
  try store.fill(1, from: good, firstSequence: 37)
  #expect(try fixture.reader().list().map(\.generation) == [37, 36, 35])
  try store.expectSound()
}

/// A change that comes before the fallback's own store takes its place, and with it its origin.
@Test func aFallbackThatIsStoredWithAnotherRequestEvictsNothingEither() throws {
  let fixture = try StoreFixture()
  fixture.options.retention = RetentionPolicy(newest: 3, hourly: 0, daily: 0)
  let first = try fixture.open()
  let good = try first.fill(4, from: sampleState(layers: 2))
  try first.close()
  try fixture.tamper("UPDATE generation SET checksum = checksum + 1 WHERE generation = 4")
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.restored?.rung == .older)
  try opened.store.put(good.setting("layer-1", mix: 0.25), 5)
  #expect(try fixture.reader().list().first?.origin == "recovery")
  try opened.store.put(good.setting("layer-1", mix: 0.5), 6)
  #expect(try fixture.reader().list().first?.origin == "mutation")
  try opened.store.close()
  let again = try fixture.open()
  try again.fill(10, from: good, firstSequence: 7)
  #expect(try fixture.reader().list().map(\.generation).suffix(4) == [5, 4, 3, 2])
}

// Marks.

@Test func aPinThatCantBeSetChangesNothing() throws {
  let fixture = try StoreFixture()
  fixture.options.pinLimit = 2
  let store = try fixture.open()
  try store.fill(4, from: sampleState(layers: 1))
  try store.pin(1, label: "a")
  try store.pin(2, label: "b")
  #expect(throws: MarkFailure.labelTaken("a", by: 1)) { try store.pin(2, label: "a") }
  #expect(throws: MarkFailure.tooManyPins(limit: 2)) { try store.pin(3, label: "c") }
  #expect(throws: MarkFailure.unknownGeneration(9)) { try store.pin(9, label: "c") }
  #expect(throws: MarkFailure.self) { try store.pin(3, label: "12") }
  #expect(throws: MarkFailure.unknownGeneration(9)) { try store.unpin(9) }
  #expect(try fixture.reader().list().map(\.pin) == [nil, nil, "b", "a"])

  // Again with another label: it is renamed, and takes no second place.
  try store.pin(2, label: "c")
  try store.pin(2, label: "c")
  #expect(try fixture.reader().list().map(\.pin) == [nil, nil, "c", "a"])
  #expect(store.facts.ring.pinned == 2)
}

@Test func marksAreThereAfterOpeningAgain() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.fill(3, from: sampleState(layers: 1))
  try store.pin(1, label: "a")
  try store.markProven(2)
  try store.markSuspect(3)
  let facts = store.facts.ring
  try store.close()
  let again = try fixture.open()
  #expect(again.facts.ring == facts)
  #expect(again.facts.provenGeneration == 2)
  #expect(try fixture.reader().list().map(\.isSuspect) == [true, false, false])
}

@Test func runsAreRememberedAndBounded() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let first = try store.beginRun(generation: nil)
  fixture.clock.advance(by: 5000)
  try store.endRun(first, ending: .clean)
  let second = try store.beginRun(generation: 7)
  // The next start finds the second still open: it ended without a word.
  let third = try store.beginRun(generation: 8)
  let runs = try fixture.reader().runs()
  #expect(runs.map(\.run) == [third, second, first])
  #expect(runs.map(\.ending) == [.running, .unclean, .clean])
  #expect(runs.map(\.generation) == [8, 7, nil])
  #expect(runs[2].endedAtUnixMs == runs[2].startedAtUnixMs + 5000)
  #expect(runs[1].endedAtUnixMs == nil)
  for _ in 0..<120 { _ = try store.beginRun(generation: 8) }
  #expect(try fixture.reader().runs(limit: 500).count == 100)
}
