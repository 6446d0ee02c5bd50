import CSQLite
import DurableFiles
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Synchronization
import TestVFS
import Testing

@testable import GenerationStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A store through a VFS of which a kind of call fails for a while, on all files or on those below a folder.
private final class Outage {
  let fixture: StoreFixture
  let store: FailoverStore
  private let vfs: ObservedVFS
  private let box: FaultBox
  private(set) var state = sampleState(layers: 3)
  private var sequence: UInt64 = 0

  init() throws {
    fixture = try StoreFixture()
    let box = FaultBox()
    self.box = box
    vfs = ObservedVFS { box.answer(to: $0) }
    fixture.options.vfs = vfs.name
    fixture.options.replaceFile = { box.replace($0, with: $1) }
    store = FailoverStore(first: try fixture.open(), second: nil)
    for _ in 0..<5 { try change() }
    try store.current.pin(2, label: "before the rehearsal")
    try store.current.markProven(3)
    _ = try store.home.beginRun(generation: 5)
  }

  func begin(_ kind: FileCall.Kind, _ fault: FileFault, below prefix: String = "") {
    box.fault.withLock { $0 = (kind, fault, prefix) }
  }

  func end() { box.fault.withLock { $0 = nil } }

  func change() throws {
    sequence += 1
    state = state.setting("layer-1", mix: Double(sequence) / 100)
    _ = try store.store(snapshot(state, sequence), requests: 1)
  }

  /// What was refused, again and again.
  func fail(_ attempts: Int) {
    sequence += 1
    state = state.setting("layer-1", mix: Double(sequence) / 100)
    for _ in 0..<attempts {
      #expect(throws: StoreFailure.self) { _ = try self.store.store(snapshot(self.state, self.sequence), requests: 1) }
    }
  }

  func storeNow() throws { _ = try store.store(snapshot(state, sequence), requests: 1) }

  var incidents: [String] {
    ((try? FolderListing.entries(of: "\(fixture.folder)/quarantine")) ?? []).map(\.name)
  }

  /// Everything from before the outage, read by another process's means.
  func expectRingAndPins(_ generations: [Int64], _ location: SourceLocation = #_sourceLocation) throws {
    let reader = try GenerationReader.open(.studio, databasePath: fixture.database)
    defer { reader.close() }
    let list = try reader.list()
    #expect(list.map(\.generation) == generations, sourceLocation: location)
    #expect(list.first { $0.generation == 2 }?.pin == "before the rehearsal", sourceLocation: location)
    #expect(list.first { $0.generation == 3 }?.isProven == true, sourceLocation: location)
    #expect(try reader.runs().count == 1, sourceLocation: location)
    for entry in list { #expect(try reader.verify(entry.generation).isEmpty, sourceLocation: location) }
  }
}

private final class FaultBox: Sendable {
  let fault = Mutex<(kind: FileCall.Kind, fault: FileFault, prefix: String)?>(nil)

  /// The log is copied without SQLite: the same disk fails under that.
  func replace(_ path: String, with bytes: [UInt8]) -> Result<Void, FileFailure> {
    for (kind, call) in [(FileCall.Kind.write, "write"), (.sync, "fsync")] {
      guard let fault = fault.withLock({ $0 }), fault.kind == kind, path.hasPrefix(fault.prefix) else { continue }
      return .failure(FileFailure(path: path, call: call, code: fault.fault.systemError))
    }
    return Result { () throws(FileFailure) in try DurableFile.replace(path, with: bytes) }
  }

  func answer(to call: FileCall) -> FileFault? {
    fault.withLock { $0.flatMap { $0.kind == call.kind && call.path.hasPrefix($0.prefix) ? $0.fault : nil } }
  }
}

// IOERR_FSYNC, IOERR_WRITE, IOERR_TRUNCATE.
private let outages: [(FileCall.Kind, FileFault)] = [
  (.sync, FileFault(code: SQLITE_IOERR | (4 << 8), systemError: EIO)),
  (.sync, FileFault(code: SQLITE_IOERR | (4 << 8), systemError: ENOSPC)),
  (.sync, FileFault(code: SQLITE_IOERR | (4 << 8), systemError: EDQUOT)),
  (.write, FileFault(code: SQLITE_IOERR | (3 << 8), systemError: EIO)),
  (.write, FileFault(code: SQLITE_FULL, systemError: ENOSPC)),
]

/// However many attempts it lasts, and whether the host lives through it or is killed in it.
@Test(arguments: outages.indices, [1, 2, 3, 4, 7, 13])
func anOutageCostsNeitherGenerationsNorPins(index: Int, attempts: Int) throws {
  for isRestarted in [false, true] {
    let outage = try Outage()
    outage.begin(outages[index].0, outages[index].1)
    outage.fail(attempts)
    #expect(outage.incidents.isEmpty, "nothing was moved")
    if isRestarted { outage.store.home.drop() }
    outage.end()
    if isRestarted {
      outage.fixture.options.vfs = nil
      let opened = GenerationStore.openOrQuarantine(outage.fixture.options)
      #expect(opened.restored?.rung == .newest)
      #expect(opened.restored?.generation ?? 0 >= 5)
      #expect(opened.store.head?.generation ?? 0 >= 5)
      opened.store.drop()
    } else {
      try outage.storeNow()
      try outage.expectRingAndPins([6, 5, 4, 3, 2, 1])
      try outage.store.home.expectSound()
    }
    #expect(outage.incidents.isEmpty, "nothing was moved")
    #expect(DatabaseFiles.identity(of: "\(outage.fixture.folder)/successor") == nil, "nothing half-built is left")
  }
}

@Test func aDatabaseWhoseOwnFileFailsIsReplacedByAWholeOne() throws {
  let outage = try Outage()
  let folder = outage.fixture.folder
  outage.begin(.sync, outages[0].1, below: "\(folder)/state.db")
  outage.fail(2)
  // The successor was built, the old one failed once more and was moved. The commit whose sync failed was readable, so
  // the successor holds it, synced, and nothing is left to store.
  try outage.storeNow()
  #expect(outage.incidents.map { $0.hasSuffix("io-errors") } == [true])
  try outage.expectRingAndPins([6, 5, 4, 3, 2, 1])
  outage.end()
  try outage.change()
  try outage.expectRingAndPins([7, 6, 5, 4, 3, 2, 1])
  try outage.store.home.expectSound()
}

/// The disk heals while the successor is built: the old database takes the state, so it stays.
@Test func aDatabaseThatWorksAgainBesideItsSuccessorStays() throws {
  let outage = try Outage()
  outage.begin(.sync, outages[0].1)
  outage.fail(2)
  outage.end()
  try outage.storeNow()
  #expect(outage.incidents.isEmpty)
  try outage.expectRingAndPins([6, 5, 4, 3, 2, 1])
}

@Test(
  arguments: [
    (nil, .failed(.io), .stays), (whole, .stored, .stays), (whole, .failed(.io), .isMoved),
    (whole, .failed(.full), .stays), (whole, .failed(.busy), .stays), (whole, .damaged, .isMoved),
    (withoutAGeneration, .failed(.io), .stays), (withoutAPin, .failed(.io), .stays), (withoutARun, .damaged, .stays),
    (nil, .damaged, .stays),
  ] as [(ReplacementRule.Content?, ReplacementRule.Trial, ReplacementRule.Verdict)])
func aDatabaseMovesOnlyForAWholeSuccessorAndWhenItIsTheOneThatFails(
  successor: ReplacementRule.Content?, trial: ReplacementRule.Trial, verdict: ReplacementRule.Verdict
) {
  #expect(ReplacementRule.decide(successor: successor, readable: whole, trial: trial) == verdict)
}

private let whole = ReplacementRule.Content(generations: [1, 2], marks: ["1 pinned x"], runs: [7])
private let withoutAGeneration = ReplacementRule.Content(generations: [2], marks: ["1 pinned x"], runs: [7])
private let withoutAPin = ReplacementRule.Content(generations: [1, 2], runs: [7])
private let withoutARun = ReplacementRule.Content(generations: [1, 2], marks: ["1 pinned x"])

// A disk that takes no successor keeps a damaged database where it is, too.

@Test func aDamagedDatabaseStaysUntilAWholeSuccessorCanBeMade() throws {
  let outage = try Outage()
  let store = outage.store.home
  store.replaceDatabase()
  outage.begin(.sync, outages[0].1)
  outage.fail(5)
  #expect(outage.incidents.isEmpty)
  outage.end()
  try outage.storeNow()
  #expect(outage.incidents.count == 1)
  try outage.expectRingAndPins([6, 5, 4, 3, 2, 1])
}

// Databases that earlier versions threw off the ring.

/// An intact database in quarantine and a file of no bytes in its place: what an outage of a second used to leave.
@Test(arguments: [true, false])
func anEmptyStartTakesOverItsPredecessorFromQuarantine(hasFile: Bool) throws {
  let outage = try Outage()
  let state = outage.state
  try outage.store.close()
  let folder = outage.fixture.folder
  let incident = "\(folder)/quarantine/20251123T093600Z-io-errors"
  try DataFolder.createFolder(incident)
  try DurableFile.moveDurably(from: outage.fixture.database, to: "\(incident)/state.db")
  if hasFile { try DurableFile.replace(outage.fixture.database, with: []) }
  outage.fixture.options.vfs = nil
  let opened = GenerationStore.openOrQuarantine(outage.fixture.options)
  #expect(opened.restored?.rung == .predecessor)
  #expect(opened.restored?.state == state)
  #expect(opened.restored?.lost == [])
  #expect(opened.missing == nil)
  // The whole ring is back, frozen until what comes next is proven, and the files in quarantine stay.
  try outage.expectRingAndPins([5, 4, 3, 2, 1])
  #expect(opened.store.freezesPruning)
  #expect(try opened.store.put(state, 6).generation == 6)
  #expect(DatabaseFiles.size(of: "\(incident)/state.db") != nil)
  opened.store.drop()
  let again = GenerationStore.openOrQuarantine(outage.fixture.options)
  #expect(again.restored?.rung == .newest)
  again.store.drop()
}

@Test func aPredecessorOfAnotherShowIsLeftInQuarantine() throws {
  let other = try StoreFixture()
  let theirs = try other.open()
  try theirs.fill(3, from: sampleState(layers: 1))
  try theirs.close()
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.fill(2, from: sampleState(layers: 2))
  try store.close()
  // Its own database holds no generation any more, and says whose it is.
  try fixture.tamper("DELETE FROM generation_mark; DELETE FROM generation; DELETE FROM document")
  let incident = "\(fixture.folder)/quarantine/20251123T093600Z-damaged"
  try DataFolder.createFolder(incident)
  let bytes = try #require(try DurableFile.read(other.database, limit: 1 << 30))
  try DurableFile.replace("\(incident)/state.db", with: bytes)
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.restored == nil)
  opened.store.drop()
}

@Test(
  arguments: [
    (nil, 3, nil, true), ("a", 3, "a", true), ("a", 3, nil, true), (nil, 3, "a", true), ("a", 3, "b", false),
    ("a", nil, "a", false), (nil, nil, nil, false),
  ] as [(String?, Int64?, String?, Bool)])
func aPredecessorIsOfThisShowAndWhole(theirs: String?, newest: Int64?, show: String?, isAccepted: Bool) {
  #expect(PredecessorRule.accepts(.init(show: theirs, newestWhole: newest), show: show) == isAccepted)
}
