import DurableFiles
import Foundation
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Testing

@testable import GenerationStore

// Locks.

/// The sqlite3 shell with a statement that it keeps open.
private func shell(holding sql: String, on database: String) throws -> Process {
  let program = try #require(sqlite3Program())
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = [database]
  let (input, output) = (Pipe(), Pipe())
  process.standardInput = input
  process.standardOutput = output
  try process.run()
  try input.fileHandleForWriting.write(contentsOf: Data("\(sql);\n.shell echo holding\n".utf8))
  // It answers once the statement has run; by another program, because its own output is buffered.
  var answer = Data()
  while !answer.contains(Data("holding".utf8)) {
    let more = output.fileHandleForReading.availableData
    if more.isEmpty { break }
    answer += more
  }
  return process
}

/// By SIGKILL: a child of a Dispatch thread inherits a mask that blocks SIGTERM.
private func end(_ process: Process) {
  kill(process.processIdentifier, SIGKILL)
  process.waitUntilExit()
}

@Test(.needsShell) func aLockHolderIsNamedAndStoringResumesWhenItGoes() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = sampleState(layers: 2)
  try store.put(state, 1)
  let holder = try shell(holding: "BEGIN IMMEDIATE", on: fixture.database)
  let failure = #expect(throws: StoreFailure.self) { try store.put(state.setting("layer-1", mix: 0.1), 2) }
  #expect(failure?.code == .busy)
  #expect(failure?.canRetry == true)
  #expect(failure?.message.contains("sqlite3 (PID \(holder.processIdentifier))") == true, "\(failure?.message ?? "")")
  end(holder)
  let stored = try store.put(state.setting("layer-1", mix: 0.1), 2)
  // A lock puts nothing in doubt: it is the small store that it would have been.
  #expect(stored.generation == 2)
  #expect(stored.bytes < 500)
}

@Test(.needsShell) func aReaderThatPinsTheLogIsNamed() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.fill(2, from: sampleState(layers: 2))
  let sql = "BEGIN; SELECT count(*) FROM generation"
  let holder = try shell(holding: sql, on: fixture.database)
  try store.fill(2, from: sampleState(layers: 2), firstSequence: 3)
  store.rest(idleFor: .seconds(2))
  #expect(store.facts.walPinnedBy == ["sqlite3 (PID \(holder.processIdentifier))"])
  end(holder)
  store.rest(idleFor: .seconds(3))
  #expect(store.facts.walPinnedBy.isEmpty)
}

@Test(.needsShell) func aLogThatGrowsBeyondItsBoundIsToldOnceAndNamesWhoHoldsIt() throws {
  let fixture = try StoreFixture(inMemory: true)
  fixture.options.keyframeInterval = 1
  let store = try fixture.open()
  let state = try store.fill(2, from: sampleState(layers: 600))
  let holder = try shell(holding: "BEGIN; SELECT count(*) FROM generation", on: fixture.database)
  defer { end(holder) }
  var sequence: UInt64 = 3
  while !store.facts.isWALAlarming, sequence < 500 {
    try store.put(state.setting("layer-1", mix: Double(sequence) / 1000), sequence)
    sequence += 1
  }
  #expect(store.facts.walBytes >= 16 << 20)
  for _ in 0..<3 { store.rest(idleFor: .seconds(3)) }
  let told = fixture.notices.all.filter { $0.contains("can't be emptied") }
  #expect(told.count == 1)
  #expect(told.first?.contains("sqlite3 (PID \(holder.processIdentifier))") == true, "\(told)")
  end(holder)
  store.rest(idleFor: .seconds(3))
  #expect(!store.facts.isWALAlarming)
  try store.expectSound()
}

// Space.

@Test func aFullDatabaseKeepsWhatItHasAndResumesWhenThereIsRoom() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  var state = try store.fill(3, from: sampleState(layers: 3))
  let connection = try store.openSession().connection
  let pages = try #require(try connection.integer("PRAGMA page_count"))
  try connection.execute("PRAGMA max_page_count = \(pages)")
  state.layers.insert(sampleLayer("large"), at: 0)
  for number in 0..<40 { state.layers.insert(sampleLayer("more-\(number)"), at: 0) }
  let failure = #expect(throws: StoreFailure.self) { try store.put(state, 4) }
  #expect(failure?.code == .full)
  #expect(failure?.canRetry == true)
  #expect(try fixture.reader().list().count == 3)
  #expect(store.facts.trouble?.code == .full)
  try connection.execute("PRAGMA max_page_count = 1073741823")
  let stored = try store.put(state, 4)
  #expect(stored.generation == 4)
  #expect(store.facts.trouble == nil)
  try store.expectSound()
}

// Unknown outcomes.

/// The connection is lost right after the commit took effect: what an I/O error in COMMIT may leave.
@Test func aCommitOfUnknownOutcomeIsNotRepeated() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = sampleState(layers: 3)
  try store.put(state, 1)
  let changed = state.setting("layer-1", mix: 0.9)
  let outcome = try store.put(changed, 2)
  let log = DatabaseFiles.identity(of: "\(fixture.database)-wal")
  let failure = store.note(SQLiteFailure(code: 10 | (4 << 8), message: "disk I/O error", during: "COMMIT"))
  #expect(failure.code == .io)
  #expect(store.session == nil)
  #expect(try store.put(changed, 2) == outcome)
  #expect(try fixture.reader().list().count == 2)
  // What the kernel shows is not trusted: the log was copied, and the next store writes everything afresh.
  #expect(DatabaseFiles.identity(of: "\(fixture.database)-wal") != log)
  #expect(try store.put(changed.setting("layer-2", mix: 0.1), 3).isKeyframe)
  try store.expectSound()
}

@Test func restingAfterAFailureNeverStoresAnOlderStateOnTop() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = sampleState(layers: 3)
  try store.put(state, 1)
  // A second connection plays the commit that failed and took effect.
  let other = try fixture.open()
  try other.put(state.setting("layer-1", mix: 0.9), 2)
  other.drop()
  _ = store.note(SQLiteFailure(code: 10 | (4 << 8), message: "disk I/O error", during: "COMMIT"))
  store.rest(idleFor: .seconds(1))
  #expect(store.facts.trouble == nil)
  #expect(try fixture.reader().list().map(\.sequence) == [2, 1])
  #expect(try store.put(state.setting("layer-1", mix: 0.9), 2).generation == 2)
}

// Files that are no longer where they were.

private let displacements: [(String, @Sendable (String) throws -> Void)] = [
  ("database renamed", { try DurableFile.moveDurably(from: "\($0)/state.db", to: "\($0)/elsewhere.db") }),
  ("database deleted", { try DurableFile.remove("\($0)/state.db") }),
  ("log deleted", { try DurableFile.remove("\($0)/state.db-wal") }),
  ("database cut off", { truncate("\($0)/state.db", 0) }),
  ("log cut off", { truncate("\($0)/state.db-wal", 0) }),
  ("shared memory deleted", { try DurableFile.remove("\($0)/state.db-shm") }),
  ("all deleted", { for name in ["", "-wal", "-shm"] { try DurableFile.remove("\($0)/state.db\(name)") } }),
  ("folder renamed", { try DurableFile.moveDurably(from: $0, to: "\($0)-elsewhere") }),
  (
    "database replaced",
    {
      let bytes = try DurableFile.read("\($0)/state.db", limit: 1 << 30) ?? []
      try DurableFile.replace("\($0)/state.db", with: bytes)
    }
  ),
]

@Test(arguments: displacements.indices)
func aDisplacedDatabaseIsNoticedBeforeItIsWritten(index: Int) throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 2))
  try displacements[index].1(fixture.folder)
  let changed = state.setting("layer-1", mix: 0.9)
  let failure = #expect(throws: StoreFailure.self) { try store.put(changed, 4) }
  #expect(failure?.code == .moved, "\(displacements[index].0)")
  let stored = try store.put(changed, 4)
  #expect(stored.isKeyframe)
  #expect(stored.generation == 4)
  #expect(try fixture.reader().load(4).state == changed)
  try store.expectSound()
}

@Test(arguments: displacements.indices)
func aDisplacedDatabaseIsNoticedAtRestAndTheNewestStateStoredAnew(index: Int) throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 2))
  try displacements[index].1(fixture.folder)
  store.rest(idleFor: .seconds(1))
  #expect(store.facts.trouble == nil)
  #expect(fixture.notices.all.contains { $0.contains("the newest stored state goes into") })
  let reader = try fixture.reader()
  let head = try #require(try reader.head())
  #expect(try reader.load(head.generation).state == state)
  #expect(try store.put(state.setting("layer-1", mix: 0.9), 4).generation >= 4)
  try store.expectSound()
}

@Test func nothingIsWrittenIntoADatabaseThatWasMovedAway() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 2))
  store.rest(idleFor: .seconds(2))
  try DurableFile.moveDurably(from: fixture.database, to: "\(fixture.folder)/elsewhere.db")
  let before = try DurableFile.read("\(fixture.folder)/elsewhere.db", limit: 1 << 30)
  _ = try? store.put(state.setting("layer-1", mix: 0.9), 4)
  try store.put(state.setting("layer-1", mix: 0.9), 4)
  store.rest(idleFor: .seconds(3))
  try store.close()
  #expect(try DurableFile.read("\(fixture.folder)/elsewhere.db", limit: 1 << 30) == before)
}

@Test func closingADisplacedDatabaseSaysSo() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.put(sampleState(layers: 1), 1)
  try DurableFile.remove(fixture.database)
  let failure = #expect(throws: StoreFailure.self) { try store.close() }
  #expect(failure?.code == .moved)
}

/// While the show runs, somebody puts another show's database there, whose sequences happen to be the same.
@Test func anotherShowsDatabaseGetsTheStateOnTop() throws {
  let other = try StoreFixture()
  let theirs = try other.open()
  let foreign = try theirs.fill(5, from: sampleState(layers: 7))
  try theirs.close()
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 2))
  try store.fill(2, from: state, firstSequence: 4)
  let mine = try fixture.reader().load(5).state
  for name in ["state.db-wal", "state.db-shm", "state.db"] { try DurableFile.remove("\(fixture.folder)/\(name)") }
  try DurableFile.replace(fixture.database, with: try #require(try DurableFile.read(other.database, limit: 1 << 30)))
  store.rest(idleFor: .seconds(1))
  let reader = try fixture.reader()
  #expect(try reader.load(6).state == mine)
  #expect(try reader.load(5).state == foreign)
}

// The database while the show runs.

@Test func damageFoundWhileRunningCostsOneAttempt() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 2))
  _ = store.note(SQLiteFailure(code: 11, message: "database disk image is malformed", during: "INSERT"))
  #expect(store.facts.trouble?.code == .corrupt)
  let stored = try store.put(state.setting("layer-1", mix: 0.9), 4)
  #expect(stored.generation == 4)
  #expect(stored.isKeyframe)
  // What could be read is in the fresh database, the damaged one in quarantine.
  #expect(try fixture.reader().list().map(\.generation) == [4, 3, 2, 1])
  #expect(try FolderListing.entries(of: "\(fixture.folder)/quarantine").count == 1)
  #expect(fixture.notices.all.contains { $0.contains("3 generations from 1 to 3") })
  try store.expectSound()
}

@Test func theLogOfAShowThatNeverRestsStaysBounded() throws {
  let fixture = try StoreFixture()
  fixture.options.durability = .normal
  fixture.options.keyframeInterval = 1
  fixture.options.retention = RetentionPolicy(newest: 3, hourly: 0, daily: 0)
  let store = try fixture.open()
  try store.fill(300, from: sampleState(layers: 100))
  #expect(store.facts.walBytes < 6 << 20)
}
