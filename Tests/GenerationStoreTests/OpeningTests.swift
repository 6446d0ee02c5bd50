import DurableFiles
import Migrations
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Testing

@testable import GenerationStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

private func mode(of path: String) -> mode_t {
  var facts = stat()
  return lstat(path, &facts) == 0 ? facts.st_mode & 0o7777 : 0
}

@Test func filesAreForTheirOwnerOnly() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.put(sampleState(layers: 1), 1)
  #expect(mode(of: fixture.folder) == 0o700)
  for name in ["state.db", "state.db-wal", "state.db-shm", "head.json"] {
    #expect(mode(of: "\(fixture.folder)/\(name)") == 0o600, "\(name)")
  }
  try store.close()
  // Somebody opened it up meanwhile.
  chmod(fixture.database, 0o644)
  let again = try fixture.open()
  #expect(mode(of: fixture.database) == 0o600)
  try again.close()
}

@Test func everySettingIsInForce() throws {
  let fixture = try StoreFixture()
  let connection = try fixture.open().openSession().connection
  let expected = [
    ("journal_mode", "wal"), ("synchronous", "2"), ("wal_autocheckpoint", "0"), ("mmap_size", "0"),
    ("trusted_schema", "0"), ("cell_size_check", "1"), ("foreign_keys", "1"), ("secure_delete", "0"),
    ("journal_size_limit", "4194304"), ("busy_timeout", "20"), ("page_size", "1024"), ("temp_store", "2"),
    ("application_id", "1095128146"), ("user_version", "2"), ("auto_vacuum", "0"),
  ]
  for (pragma, value) in expected { #expect(try connection.text("PRAGMA \(pragma)") == value, "\(pragma)") }
  // Defensive: the schema can't be edited, and double quotes are no strings.
  #expect(throws: SQLiteFailure.self) { try connection.execute("SELECT \"no such column\"") }
  try connection.execute("PRAGMA writable_schema = ON")
  #expect(throws: SQLiteFailure.self) { try connection.execute("DELETE FROM sqlite_schema") }
}

@Test func durabilityNormalIsPassedOn() throws {
  let fixture = try StoreFixture()
  fixture.options.durability = .normal
  #expect(try fixture.open().openSession().connection.text("PRAGMA synchronous") == "1")
}

@Test func aLinkInThePlaceOfTheDatabaseIsNotFollowed() throws {
  let fixture = try StoreFixture()
  try DataFolder.createFolder(fixture.folder)
  let elsewhere = "\(fixture.root)/elsewhere"
  try DurableFile.replace(elsewhere, with: [])
  symlink(elsewhere, fixture.database)
  let failure = #expect(throws: StoreFailure.self) { try fixture.open() }
  #expect(failure?.code == .cannotOpen)
  #expect(DatabaseFiles.size(of: elsewhere) == 0)
}

@Test func aDataFolderThatIsALinkWorks() throws {
  let fixture = try StoreFixture()
  try DataFolder.createFolder("\(fixture.root)/real")
  symlink("\(fixture.root)/real", fixture.folder)
  try fixture.open().put(sampleState(layers: 1), 1)
  #expect(DatabaseFiles.size(of: "\(fixture.root)/real/state.db") != nil)
}

@Test func aFolderThatCantBeMadeIsSaidSo() throws {
  let fixture = try StoreFixture()
  try DurableFile.replace("\(fixture.root)/file", with: [])
  fixture.options.folder = "\(fixture.root)/file/data"
  let failure = #expect(throws: StoreFailure.self) { try fixture.open() }
  #expect(failure?.code == .cannotOpen)
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.failure?.code == .cannotOpen)
  #expect(opened.restored == nil)
  // The way is free again: the next store opens by itself.
  try DurableFile.remove("\(fixture.root)/file")
  #expect(try opened.store.put(sampleState(layers: 1), 1).generation == 1)
}

@Test func aProcessKilledWhileItCreatedTheDatabaseLeavesNoTrap() throws {
  let fixture = try StoreFixture()
  try DataFolder.createFolder(fixture.folder)
  // As far as the journal mode, without a table.
  let connection = try Connection(fixture.database, .copy)
  try connection.execute("PRAGMA page_size = 1024; PRAGMA journal_mode = WAL")
  connection.close()
  #expect(DatabaseFiles.size(of: fixture.database) == 1024)
  #expect(try fixture.open().put(sampleState(layers: 1), 1).generation == 1)
}

@Test func anOrderlyEndLeavesOneFile() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.put(sampleState(layers: 1), 1)
  try store.close()
  #expect(try FolderListing.entries(of: fixture.folder).map(\.name).sorted() == ["head.json", "state.db"])
  #expect(throws: StoreFailure.self) { try store.put(sampleState(layers: 2), 2) }
  try store.close()
}

// Schemas.

private func newer(_ fixture: StoreFixture) throws -> StudioState {
  let store = try fixture.open()
  let state = try store.fill(2, from: sampleState(layers: 2))
  try store.close()
  try fixture.tamper("PRAGMA user_version = 99")
  return state
}

@Test func aNewerSchemaIsReadAndNotWritten() throws {
  let fixture = try StoreFixture()
  let state = try newer(fixture)
  let before = try DurableFile.read(fixture.database, limit: 1 << 30)
  let failure = #expect(throws: StoreFailure.self) { try fixture.open() }
  #expect(failure?.code == .newerSchema)
  #expect(failure?.message.contains("99") == true)

  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.failure?.code == .newerSchema)
  let restored = try #require(opened.restored)
  #expect(restored.state.layers == state.layers)
  #expect(restored.state.config == state.config)
  #expect(restored.rung == .newest)
  #expect(restored.sequence == 2)
  let refused = #expect(throws: StoreFailure.self) { try opened.store.put(state, 3) }
  #expect(refused?.code == .newerSchema)
  opened.store.rest(idleFor: .seconds(9))
  #expect(try DurableFile.read(fixture.database, limit: 1 << 30) == before)
  #expect(DatabaseFiles.identity(of: "\(fixture.folder)/quarantine") == nil)
}

@Test func aNewerSchemaIsListedThroughItsViews() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  try store.fill(2, from: sampleState(layers: 2))
  try store.pin(1, label: "a")
  let plain = try fixture.reader().list()
  try store.close()
  try fixture.tamper("PRAGMA user_version = 99")
  let reader = try fixture.reader()
  #expect(reader.isNewerSchema)
  let listed = try reader.list()
  #expect(listed.map(\.storedAtUnixMs) == plain.map(\.storedAtUnixMs))
  #expect(listed.map(\.pin) == [nil, "a"])
  #expect(listed.map(\.isCurrent) == [true, false])
}

@Test func migrationsAreNumberedFromOneWithoutGaps() {
  #expect(Migrations.all.map(\.number) == (1...Int32(Migrations.all.count)).map { $0 })
  #expect(Migrations.all.allSatisfy { !$0.sql.isEmpty && !$0.name.isEmpty })
}

@Test func aSchemaChangeIsOneTransactionAndKeepsACopyFirst() throws {
  let fixture = try StoreFixture()
  let first = try fixture.open()
  let state = try first.fill(3, from: sampleState(layers: 2))
  try first.close()
  let second = Migration(number: 3, name: "more", sql: "CREATE TABLE more(x) STRICT; INSERT INTO nowhere VALUES (1)")
  let broken = GenerationStore(fixture.options, Migrator(migrations: Migrations.all + [second]))
  #expect(throws: StoreFailure.self) { try broken.openSession() }
  #expect(try fixture.open().openSession().connection.integer("PRAGMA user_version") == 2)

  let good = Migration(number: 3, name: "more", sql: "CREATE TABLE more(x INTEGER) STRICT")
  let store = GenerationStore(fixture.options, Migrator(migrations: Migrations.all + [good]))
  let session = try store.openSession()
  #expect(try session.connection.integer("PRAGMA user_version") == 3)
  #expect(try session.connection.integer("SELECT count(*) FROM more") == 0)
  #expect(session.head?.record.generation == 3)
  let incidents = try FolderListing.entries(of: "\(fixture.folder)/quarantine").map(\.name)
  #expect(incidents.count == 2)
  for incident in incidents {
    #expect(incident.hasSuffix("before-schema-3") || incident.hasSuffix("before-schema-3-2"))
    let copy = "\(fixture.folder)/quarantine/\(incident)/state.db"
    #expect(mode(of: copy) == 0o600)
    let reader = try GenerationReader.open(.studio, databasePath: copy, leavingNoTrace: true)
    #expect(try reader.load(3).state == state)
    #expect(try reader.integrityProblems().isEmpty)
  }
  // Once is enough: the next opening has nothing to change.
  store.drop()
  try GenerationStore(fixture.options, Migrator(migrations: Migrations.all + [good])).openSession()
  #expect(try FolderListing.entries(of: "\(fixture.folder)/quarantine").count == 2)
}

@Test func aNewDatabaseNeedsNoCopyBeforeItsSchema() throws {
  let fixture = try StoreFixture()
  try fixture.open().close()
  #expect(try FolderListing.entries(of: fixture.folder).map(\.name).contains("quarantine") == false)
}
