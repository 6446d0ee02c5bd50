import DurableFiles
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Testing

@testable import GenerationStore

/// A crash leaves a prefix of what was written to the log. Every prefix, cut at and within each frame, must open as the
/// state before a store or the state after it, whole, with clean checks.
@Test func everyPrefixOfTheLogIsAWholeGeneration() throws {
  let fixture = try StoreFixture()
  fixture.options.retention = RetentionPolicy(newest: 3, hourly: 0, daily: 0)
  fixture.options.keyframeInterval = 4
  let store = try fixture.open()
  var state = try store.fill(4, from: sampleState(layers: 6))
  store.rest(idleFor: .seconds(3))
  var states: [Int64: StudioState] = [4: state]
  for sequence: UInt64 in 5...9 {
    state = state.setting("layer-\(sequence % 6 + 1)", mix: Double(sequence) / 10)
    if sequence == 7 { state.layers.remove(layerID("layer-6")) }
    states[try store.put(state, sequence).generation] = state
  }
  let database = try #require(try DurableFile.read(fixture.database, limit: 1 << 30))
  let log = try #require(try DurableFile.read("\(fixture.database)-wal", limit: 1 << 30))
  let frame = 1024 + 24
  var newest: Set<Int64> = []
  var cuts = [0, 31]
  for end in stride(from: 32, through: log.count, by: frame) { cuts += [end, end + 500] }
  for (number, cut) in cuts.enumerated() where cut <= log.count {
    var options = fixture.options
    options.folder = "\(fixture.root)/cut-\(number)"
    try DataFolder.createFolder(options.folder)
    try DurableFile.replace("\(options.folder)/state.db", with: database)
    try DurableFile.replace("\(options.folder)/state.db-wal", with: Array(log.prefix(cut)))
    let opened = GenerationStore.openOrQuarantine(options)
    let restored = try #require(opened.restored)
    #expect(restored.rung == .newest)
    #expect(restored.state == states[restored.generation])
    #expect(restored.sequence == UInt64(restored.generation))
    try opened.store.expectSound()
    newest.insert(restored.generation)
  }
  // Each of them was met: the cuts do cut.
  #expect(newest == Set(4...9))
}

@Test func aTransactionThatIsNotCommittedIsNotThere() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = sampleState(layers: 6)
  try store.put(state, 1)
  let connection = try store.openSession().connection
  // A tiny cache, so that pages of the open transaction are in the log already.
  try connection.execute("PRAGMA cache_size = 2")
  try connection.execute("BEGIN IMMEDIATE; UPDATE document SET body = body || printf('%.*c', 9000, ' ')")
  let log = try #require(DatabaseFiles.size(of: "\(fixture.database)-wal"))
  #expect(log > 9000)
  let opened = GenerationStore.openOrQuarantine(try fixture.copy("copy"))
  #expect(opened.restored?.state == state)
  #expect(opened.restored?.rung == .newest)
  try connection.execute("ROLLBACK")
}

@Test func whatFailsWithinATransactionLeavesNothingBehind() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  var state = sampleState(layers: 3)
  try store.put(state, 1)
  try store.openSession().connection.execute(
    "CREATE TEMP TRIGGER stop BEFORE INSERT ON main.generation BEGIN SELECT raise(ABORT, 'stopped'); END")
  state = state.setting("layer-1", mix: 0.9)
  let failure = #expect(throws: StoreFailure.self) { try store.put(state, 2) }
  #expect(failure?.code == .invariant)
  #expect(store.facts.trouble == failure)
  #expect(try fixture.reader().list().count == 1)
  // The connection was dropped with its trigger; the next attempt stores everything afresh.
  let stored = try store.put(state, 2)
  #expect(stored.generation == 2)
  #expect(stored.isKeyframe)
  #expect(store.facts.trouble == nil)
  try store.expectSound()
}
