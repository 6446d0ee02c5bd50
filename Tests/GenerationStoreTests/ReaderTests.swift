import Dispatch
import Documents
import DurableFiles
import Foundation
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Synchronization
import Testing

@testable import GenerationStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Test func listShowsTheContractsColumns() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.put(sampleState(layers: 2), 4)
  try store.pin(1, label: "opening")
  let json = try #require(try fixture.reader().head()).json
  let names = json.objectValue?.map(\.name).sorted()
  #expect(
    names == [
      "actor", "bytes", "current", "id", "keyframe", "layers", "origin", "pinned", "proven", "reason", "requests",
      "sequence", "storedAt", "suspect",
    ])
  #expect(json["pinned"] == "opening")
  #expect(json["current"] == true)
  #expect(json["storedAt"] == "2025-11-23T09:36:00.123Z")
}

@Test func anOperatorsQueryReachesEveryViewAndWritesNothing() throws {
  let fixture = try StoreFixture()
  try fixture.open().fill(3, from: sampleState(layers: 2))
  let reader = try fixture.reader()
  for view in [
    "generations", "generation_layers", "generation_parameters", "generation_state", "parameter_changes", "ring_status",
    "host_runs",
  ] {
    #expect(try !reader.query("SELECT * FROM \(view)").columns.isEmpty)
  }
  let answer = try reader.query("SELECT generation, pin, 'x' AS word, 1.5 FROM generations WHERE generation = 2")
  #expect(answer.columns == ["generation", "pin", "word", "1.5"])
  #expect(answer.rows == [[.int(2), .null, .string("x"), .double(1.5)]])
  for sql in ["DELETE FROM generation", "nonsense", "SELECT 1; SELECT 2", "ATTACH 'x' AS y", ""] {
    #expect(throws: StoreFailure.self, "\(sql)") { try reader.query(sql) }
  }
  // The trust that the views need ends with the query.
  #expect(try reader.connection.text("PRAGMA trusted_schema") == "0")
}

@Test func unknownGenerationsAreSaidToBeUnknown() throws {
  let fixture = try StoreFixture()
  try fixture.open().put(sampleState(layers: 1), 1)
  let reader = try fixture.reader()
  #expect(throws: GenerationReadFailure.self) { try reader.load(2) }
  let unreadable = #expect(throws: GenerationReadFailure.self) { try reader.verify(0) }
  #expect(unreadable?.code == .unknown)
}

@Test func documentsOfAGenerationMakeUpItsState() throws {
  let fixture = try StoreFixture()
  let state = sampleState(layers: 2)
  try fixture.open().put(state, 1)
  let documents = try fixture.reader().documents(of: 1)
  #expect(Set(documents.map(\.key)) == Set(state.documents.map(\.key)))
  #expect(StudioState.reading(documents).state == state)
}

@Test func ringStatusIsThatOfTheView() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.fill(3, from: sampleState(layers: 2))
  try store.pin(2, label: "a")
  let status = try fixture.reader().ringStatus()
  #expect((status.count, status.capacity, status.pinned) == (3, 64, 1))
  #expect(status.oldest == 1)
  #expect(status.newest == 3)
  #expect(status.bytes > 500)
}

@Test func readersNeverDisturbAStoringWriter() throws {
  let fixture = try StoreFixture()
  fixture.options.retention = RetentionPolicy(newest: 6, hourly: 0, daily: 0)
  let store = try fixture.open()
  var state = try store.fill(2, from: sampleState(layers: 10))
  let readers = (0..<2).map { _ in BusyReader(fixture.database) }
  var sequence: UInt64 = 2
  // At least 250 stores, and as many more as it takes until each reader has seen some of them.
  while sequence < 250 || sequence < 100_000 && readers.contains(where: { $0.loads < 3 && $0.failure == nil }) {
    sequence += 1
    state = state.setting("layer-\(sequence % 10 + 1)", mix: Double(sequence) / 100_000)
    try store.put(state, sequence)
    if sequence.isMultiple(of: 20) { store.rest(idleFor: sequence.isMultiple(of: 40) ? .seconds(3) : .zero) }
  }
  for reader in readers {
    reader.stop()
    #expect(reader.failure == nil)
    #expect(reader.loads >= 3)
  }
  try store.expectSound()
  #expect(try fixture.reader().list().map(\.sequence) == (0..<6).map { sequence - $0 })
}

/// Loads the newest generation again and again on a thread of its own: the threads that tests share may all be busy.
private final class BusyReader: Sendable {
  private struct Notes {
    var loads = 0
    var failure: GenerationReadFailure?
    var isStopping = false
  }

  private let notes = Mutex(Notes())
  private let ended = DispatchSemaphore(value: 0)

  init(_ path: String) {
    Thread.detachNewThread { [self] in
      while !notes.withLock({ $0.isStopping }) { load(path) }
      ended.signal()
    }
  }

  var loads: Int { notes.withLock { $0.loads } }
  /// What was found damaged; nil while nothing was.
  var failure: GenerationReadFailure? { notes.withLock { $0.failure } }

  /// Returns when the thread is done.
  func stop() {
    notes.withLock { $0.isStopping = true }
    ended.wait()
  }

  private func load(_ path: String) {
    guard let reader = try? GenerationReader.open(.studio, databasePath: path), let head = try? reader.head() else {
      return
    }
    defer { reader.close() }
    do throws(GenerationReadFailure) {
      _ = try reader.load(head.generation)
      notes.withLock { $0.loads += 1 }
    } catch {
      // It may be pruned between the two calls; damaged it may never be.
      if error.code != .unknown { notes.withLock { $0.failure = error } }
    }
  }
}

@Test func aForgottenReaderOnlyMakesTheLogLonger() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  var state = try store.fill(3, from: sampleState(layers: 3))
  let shell = try fixture.reader()
  try shell.connection.execute("BEGIN")
  _ = try shell.connection.integer("SELECT count(*) FROM generation")
  state = try store.fill(200, from: state, firstSequence: 4)
  store.rest(idleFor: .seconds(2))
  #expect(store.facts.trouble == nil)
  #expect(store.facts.walBytes > 0)
  #expect(try shell.connection.integer("SELECT max(generation) FROM generation") == 3)
  try shell.connection.execute("COMMIT")
  store.rest(idleFor: .seconds(3))
  #expect(store.facts.walBytes == 0)
  #expect(store.facts.walPinnedBy.isEmpty)
}

// Other ways of opening.

@Test(arguments: [true, false])
func aCopyIsReadWithAndWithoutItsLog(isClosed: Bool) throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 2))
  if isClosed { try store.close() }
  let copied = try fixture.copy("copy")
  let names = try FolderListing.entries(of: copied.folder).map(\.name).sorted()
  let reader = try GenerationReader.open(.studio, databasePath: "\(copied.folder)/state.db", leavingNoTrace: true)
  #expect(reader.access == (isClosed ? .immutable : .copied))
  #expect(try reader.load(3).state == state)
  reader.close()
  #expect(try FolderListing.entries(of: copied.folder).map(\.name).sorted() == names)
}

@Test func namesThatMeanSomethingInAURIAreOnlyNames() throws {
  let fixture = try StoreFixture()
  fixture.options.folder = "\(fixture.root)/a?b#c%20 ü"
  let store = try fixture.open()
  try store.put(sampleState(layers: 1), 1)
  try store.close()
  let reader = try GenerationReader.open(.studio, databasePath: fixture.database, leavingNoTrace: true)
  #expect(reader.access == .immutable)
  #expect(try reader.load(1).state == sampleState(layers: 1))
}

@Test func aBackupOfARunningStoreIsWholeAndInOneFile() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(5, from: sampleState(layers: 4))
  let path = "\(fixture.root)/backup.db"
  try fixture.reader().backUp(to: path)
  try store.put(state.setting("layer-1", mix: 0.9), 6)
  let backup = try GenerationReader.open(.studio, databasePath: path)
  #expect(try backup.load(5).state == state)
  #expect(try backup.list().count == 5)
  #expect(try backup.integrityProblems().isEmpty)
  #expect(throws: StoreFailure.self) { try fixture.reader().backUp(to: path) }
}

@Test func aMissingDatabaseIsSaidToBeMissing() {
  let failure = #expect(throws: StoreFailure.self) {
    try GenerationReader.open(.studio, databasePath: "/nowhere/state.db")
  }
  #expect(failure?.code == .cannotOpen)
}
