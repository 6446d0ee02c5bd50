import DurableFiles
import Foundation
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Synchronization
import Testing

@testable import GenerationStore

/// A data folder as a killed host leaves it: three generations in the log.
private func killedFolder() throws -> (StoreFixture, StudioState) {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(3, from: sampleState(layers: 3))
  store.drop()
  return (fixture, state)
}

extension StoreFixture {
  fileprivate var log: String { "\(database)-wal" }
  fileprivate var logIdentity: DatabaseFiles.Identity? { DatabaseFiles.identity(of: log) }
  fileprivate var logBytes: [UInt8] { ((try? DurableFile.read(log, limit: 1 << 20)) ?? nil) ?? [] }
}

@Test func aLogThatIsFoundIsCopiedAndNeverWrittenOver() throws {
  let (fixture, state) = try killedFolder()
  // A second name keeps the old file in sight.
  let old = "\(fixture.root)/old-log"
  try #require(link(fixture.log, old) == 0)
  let (before, identity) = (fixture.logBytes, fixture.logIdentity)
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.restored?.state == state)
  #expect(fixture.logIdentity != identity)
  #expect(fixture.logBytes == before)
  try opened.store.put(state.setting("layer-2", mix: 0.9), 4)
  #expect(try DurableFile.read(old, limit: 1 << 20) == before)
}

@Test func aCopyThatFailsLeavesTheLogAsItIsAndIsTriedAgain() throws {
  let (fixture, state) = try killedFolder()
  let (before, identity) = (fixture.logBytes, fixture.logIdentity)
  let failures = Mutex(2)
  fixture.options.replaceFile = { path, bytes in
    let fails = failures.withLock { left in
      left -= 1
      return left >= 0
    }
    if fails { return .failure(FileFailure(path: path, call: "fsync", code: EIO)) }
    return Result { () throws(FileFailure) in try DurableFile.replace(path, with: bytes) }
  }
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.failure?.code == .io)
  #expect(opened.restored?.state == state, "the show is on air all the same")
  #expect(fixture.logIdentity == identity)
  #expect(fixture.logBytes == before)
  #expect(throws: StoreFailure.self) { try opened.store.put(state.setting("layer-2", mix: 0.9), 4) }
  #expect(try opened.store.put(state.setting("layer-2", mix: 0.9), 4).generation == 4)
  #expect(fixture.logIdentity != identity)
}

@Test func aLogThatAnotherConnectionReadsIsUsedAsItIs() throws {
  let (fixture, state) = try killedFolder()
  let identity = fixture.logIdentity
  let reader = try fixture.reader()
  defer { reader.close() }
  #expect(try reader.head()?.generation == 3)
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.failure == nil)
  #expect(fixture.logIdentity == identity)
  try opened.store.put(state.setting("layer-2", mix: 0.9), 4)
  #expect(try reader.head()?.generation == 4, "both use the same log")
}

@Test func afterAFailedSyncALogThatAnotherConnectionReadsHoldsUpStoring() throws {
  let (fixture, state) = try killedFolder()
  let reader = try fixture.reader()
  #expect(try reader.head()?.generation == 3)
  let store = GenerationStore(fixture.options)
  store.lifecycle = .down(.renewLog)
  let failure = #expect(throws: StoreFailure.self) { try store.put(state.setting("layer-2", mix: 0.9), 4) }
  #expect(failure?.code == .busy)
  #expect(failure?.message.contains("must be renewed") == true, "\(failure?.message ?? "")")
  reader.close()
  let identity = fixture.logIdentity
  #expect(try store.put(state.setting("layer-2", mix: 0.9), 4).generation == 4)
  #expect(fixture.logIdentity != identity)
}

/// The readers' index must not outlive the log that it was built from.
@Test func readersSeeTheSameBeforeAndAfterALogWasCopied() throws {
  let (fixture, state) = try killedFolder()
  for sequence: UInt64 in 4...12 {
    let before = try fixture.reader()
    #expect(try before.head()?.sequence == sequence - 1)
    before.close()
    let store = try fixture.open()
    try store.put(state.setting("layer-1", mix: Double(sequence) / 100), sequence)
    let beside = try fixture.reader()
    #expect(try beside.head()?.sequence == sequence)
    #expect(try beside.integrityProblems() == [])
    beside.close()
    store.drop()
  }
}

// How much is in the log only.

@Test func aShowThatNeverRestsIsInTheDatabaseAloneButForItsNewestGenerations() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  var state = sampleState(layers: 3)
  for sequence: UInt64 in 1...100 {
    state = state.setting("layer-1", mix: Double(sequence) / 1000)
    try store.put(state, sequence)
    store.rest(idleFor: .milliseconds(500))
    let bare = try fixture.bareCopy()
    let newest = try bare.head()?.generation ?? 0
    bare.close()
    #expect(newest >= 1, "generation \(sequence) is there and none is in the database alone")
    #expect(Int64(sequence) - newest < Int64(CheckpointPolicy.restGenerations))
  }
}

@Test func theFirstPageAloneIsToldFromAnotherProgramsDatabase() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.fill(3, from: sampleState(layers: 3))
  #expect(DatabaseFiles.size(of: fixture.database) == 1024)
  let failure = #expect(throws: StoreFailure.self) { try fixture.bareCopy() }
  #expect(failure?.isLogMissing == true, "\(failure?.description ?? "")")
  #expect(failure?.message.contains("state.db-wal) is missing") == true)
  let salvage = #expect(throws: StoreFailure.self) {
    try DatabaseSalvage(.studio, database: "\(fixture.root)/bare/state.db")
  }
  #expect(salvage?.isLogMissing == true, "\(salvage?.description ?? "")")
}

extension StoreFixture {
  /// Opens a copy of `state.db` without its log.
  fileprivate func bareCopy() throws -> GenerationReader {
    let folder = "\(root)/bare"
    try DataFolder.createFolder(folder)
    try copyElsewhere(database, to: "\(folder)/state.db")
    return try GenerationReader.open(.studio, databasePath: "\(folder)/state.db", leavingNoTrace: true)
  }

  /// By another process: closing the file in this one would drop the locks of its connections.
  private func copyElsewhere(_ path: String, to copy: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/cp")
    process.arguments = [path, copy]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}

/// A checkpoint that the power cut off, with garbage in the sector that it was writing.
@Test func garbageOverTheFirstPageIsNoDamageWhileTheLogHasThatPage() throws {
  let (fixture, state) = try killedFolder()
  var bytes = try #require(try DurableFile.read(fixture.database, limit: 1 << 20))
  bytes.replaceSubrange(0..<512, with: (0..<512).map { UInt8(truncatingIfNeeded: $0 * 151 + 7) })
  try DurableFile.replace(fixture.database, with: bytes)
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.failure == nil)
  #expect(!opened.wasDamaged)
  #expect(opened.restored?.rung == .newest)
  #expect(opened.restored?.state == state)
  try opened.store.expectSound()
}
