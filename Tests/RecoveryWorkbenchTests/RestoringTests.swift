import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import RecoveryWorkbench
import Studio
import StudioState
import Testing

extension WorkbenchFixture {
  /// Three generations in a backup; three more in the folder, the newest of them in the log only.
  fileprivate func showWithBackup() throws -> String {
    try storeThree()
    let backup = "\(root)/backup.db"
    _ = try workbench.backUp(to: backup)
    let later = [0.7, 0.8, 0.9].map { sampleState(layers: 2).setting("layer-1", mix: $0) }
    try store(later)
    return backup
  }

  /// What a start says of the folder.
  fileprivate func start() -> OpenedStore {
    GenerationStore.openOrQuarantine(StoreOptions.studio(folder: folder, wallClock: { 1_763_890_560_123 }))
  }

  fileprivate var quarantined: [String] {
    ((try? FolderListing.entries(of: "\(folder)/quarantine")) ?? []).map(\.name).sorted()
  }
}

@Test func aBackupIsRestoredAndNothingIsMissedByTheNextStart() throws {
  let fixture = try WorkbenchFixture()
  let backup = try fixture.showWithBackup()
  let answer = try fixture.workbench.restore(backup)
  #expect(answer.exit == .fine)
  #expect(answer.json["stored"] == 7, "numbers go on above those that were given")
  let kept = try #require(answer.json["quarantine"]?.stringValue)
  #expect(kept.hasSuffix("-before-restore"))

  #expect(try fixture.summaries().map(\.generation) == [7, 3, 2, 1])
  #expect(try fixture.summaries().first?.reason == "restore of backup.db")
  let opened = fixture.start()
  #expect(opened.missing == nil)
  #expect(opened.restored?.rung == .newest)
  #expect(opened.restored?.state == sampleState(layers: 2).setting("layer-1", mix: 0.625))
  #expect(opened.store.highWaterMark.sequence > 6)
  try opened.store.close()

  let old = try GenerationReader.open(.studio, databasePath: "\(kept)/state.db", leavingNoTrace: true)
  defer { old.close() }
  #expect(try old.list().map(\.generation) == [6, 5, 4, 3, 2, 1])
  #expect(try FolderListing.entries(of: fixture.folder).contains { $0.name.hasPrefix(".restore") } == false)
}

@Test func aLeftoverLogIsKeptInQuarantineAndNotReplayed() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeInLog(5)
  let backup = "\(fixture.root)/backup.db"
  let other = try WorkbenchFixture()
  try other.storeThree()
  _ = try other.workbench.backUp(to: backup)
  let log = try #require(try fixture.contents()["state.db-wal"])
  let answer = try fixture.workbench.restore(backup)
  #expect(try fixture.contents()["state.db-wal"] == nil)
  let kept = try #require(answer.json["quarantine"]?.stringValue)
  #expect(try DurableFile.read("\(kept)/state.db-wal", limit: 1 << 24) == log)
  let opened = fixture.start()
  #expect(opened.restored?.state == sampleState(layers: 2).setting("layer-1", mix: 0.625))
  #expect(opened.missing == nil)
  try opened.store.close()
}

@Test func aBackupIsRestoredIntoAFolderThatDoesNotExist() throws {
  let fixture = try WorkbenchFixture()
  let backup = try fixture.showWithBackup()
  let elsewhere = Workbench(folder: "\(fixture.root)/elsewhere", wallClock: { 1_763_890_999_000 })
  let answer = try elsewhere.restore(backup)
  #expect(answer.json["stored"] == 4)
  #expect(answer.json["quarantine"] == .null)
}

@Test func aDamagedBackupIsRefusedAndChangesNothing() throws {
  let fixture = try WorkbenchFixture()
  let backup = try fixture.showWithBackup()
  var bytes = try #require(try DurableFile.read(backup, limit: 1 << 24))
  let mix = Array("0.625".utf8)
  let start = try #require((0..<(bytes.count - 5)).first { bytes[$0..<($0 + 5)].elementsEqual(mix) })
  bytes[start + 2] = UInt8(ascii: "7")
  try DurableFile.replace(backup, with: bytes)
  let before = try fixture.contents()
  let failure = #expect(throws: ToolFailure.self) { try fixture.workbench.restore(backup) }
  #expect(failure?.exit == .corruptInput)
  #expect(failure?.message.contains("nothing was changed") == true)
  var after = try fixture.contents()
  after["host.lock"] = nil
  #expect(after == before.filter { $0.key != "host.lock" })
  #expect(fixture.quarantined == [])
}

@Test func whatIsNoBackupIsRefused() throws {
  let fixture = try WorkbenchFixture()
  _ = try fixture.showWithBackup()
  #expect(throws: ToolFailure.self) { try fixture.workbench.restore("\(fixture.root)/nothing.db") }
  let own = #expect(throws: ToolFailure.self) { try fixture.workbench.restore(fixture.workbench.databasePath) }
  #expect(own?.exit == .usage)
  try DurableFile.replace("\(fixture.root)/text.db", with: Array("no database".utf8))
  let text = #expect(throws: ToolFailure.self) { try fixture.workbench.restore("\(fixture.root)/text.db") }
  #expect(text?.exit == .corruptInput)
}

@Test func aFolderInUseIsNotRestoredInto() throws {
  let fixture = try WorkbenchFixture()
  let backup = try fixture.showWithBackup()
  let lock = try FolderLock(folder: fixture.folder, program: "afterimage-host")
  let held = #expect(throws: ToolFailure.self) { try fixture.workbench.restore(backup) }
  #expect(held?.exit == .busy)
  #expect(held?.message.contains("afterimage-host") == true)
  lock.release()
  let reader = try GenerationReader.open(.studio, databasePath: fixture.workbench.databasePath)
  _ = try reader.list()
  let open = #expect(throws: ToolFailure.self) { try fixture.workbench.restore(backup) }
  #expect(open?.exit == .busy)
  #expect(open?.message.contains("open") == true)
  reader.close()
  #expect(try fixture.workbench.restore(backup).exit == .fine)
}

// Copies without their log.

@Test func everyCommandSaysThatACopyHasNoLog() async throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeInLog(5)
  try DurableFile.remove("\(fixture.folder)/state.db-wal")
  let says = { (failure: ToolFailure?) in failure?.message.contains("its log (state.db-wal) is missing") == true }
  let list = #expect(throws: ToolFailure.self) { try fixture.workbench.list() }
  #expect(says(list) && list?.exit == .corruptInput, "\(list?.message ?? "")")
  let verify = try fixture.workbench.verify(nil, all: true)
  #expect(verify.exit == .found)
  #expect(verify.lines.contains { $0.contains("its log (state.db-wal) is missing") }, "\(verify.lines)")
  let salvage = #expect(throws: ToolFailure.self) {
    try Salvaging(source: fixture.workbench.databasePath, folder: "\(fixture.root)/salvaged").run()
  }
  #expect(says(salvage), "\(salvage?.message ?? "")")
  let doctor = try await fixture.workbench.doctor()
  #expect(doctor.lines.contains { $0.contains("the database's log is missing") }, "\(doctor.lines)")
  #expect(!doctor.lines.contains { $0.contains("another program") })
}
