import DurableFiles
import Foundation
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import Testing

@testable import GenerationStore

// A data folder that version 0.1.0 wrote (schema 1), ended by kill -9: ten generations in state.db, the eleventh in the
// log; generation 3 is pinned, 9 is a rollback to 2. Beside it what its views showed.

private let written = "\(URL(filePath: #filePath).deletingLastPathComponent().path)/Fixtures/version-0.1.0"

/// A fixture with a copy of that folder's files.
private func firstVersion() throws -> StoreFixture {
  let fixture = try StoreFixture()
  try FileManager.default.createDirectory(atPath: fixture.folder, withIntermediateDirectories: true)
  for name in ["state.db", "state.db-wal", "head.json"] {
    let bytes = try #require(try DurableFile.read("\(written)/\(name)", limit: 1 << 20))
    try DurableFile.replace("\(fixture.folder)/\(name)", with: bytes)
  }
  return fixture
}

private func storedViews() throws -> [(name: String, text: String)] {
  try FolderListing.entries(of: "\(written)/views").map(\.name).sorted().map { name in
    let bytes = try DurableFile.read("\(written)/views/\(name)", limit: 1 << 20) ?? []
    return (String(name.dropLast(4)), String(decoding: bytes, as: UTF8.self))
  }
}

/// As `sqlite3 -header` prints a view, its first columns only: those that version 0.1.0 had.
private func shown(_ view: String, columns: Int, _ connection: Connection) throws -> String {
  try connection.trustingSchema { () throws(SQLiteFailure) in
    let statement = try connection.statement("SELECT * FROM \(view)")
    defer { statement.reset() }
    var lines = [statement.columnNames.prefix(columns).joined(separator: "|")]
    while try statement.step() {
      lines.append(
        (0..<columns).map { statement.isNull(Int32($0)) ? "" : statement.text(Int32($0)) }.joined(separator: "|"))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

@Test func aDatabaseOfTheFirstVersionOpensAndKeepsEverything() throws {
  let fixture = try firstVersion()
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.failure == nil)
  #expect(opened.restored?.rung == .newest)
  #expect(opened.restored?.generation == 11)
  let reader = try fixture.reader()
  #expect(try reader.list().map(\.generation) == (1...11).reversed())
  for generation in Int64(1)...11 { #expect(try reader.verify(generation) == []) }
  #expect(try reader.list().first { $0.generation == 3 }?.pin == "before the doors")
  #expect(
    try FolderListing.entries(of: "\(fixture.folder)/quarantine").map(\.name).first?.hasSuffix("before-schema-2")
      == true)
}

@Test func aDatabaseOfTheFirstVersionIsReadWithoutBeingMigrated() throws {
  let fixture = try firstVersion()
  let reader = try fixture.reader()
  #expect(try reader.list().map(\.items) == [2, 2, 2, 3, 3, 3, 3, 3, 2, 2, 2])
  for generation in Int64(1)...11 { #expect(try reader.verify(generation) == []) }
  #expect(try reader.load(11).state.layers.count == 2)
}

@Test func theViewsOfTheFirstVersionShowTheSameAfterTheMigration() throws {
  let fixture = try firstVersion()
  let connection = try fixture.open().openSession().connection
  for (name, text) in try storedViews() where name != "host_runs" && name != "ring_status" {
    let columns = text.prefix { $0 != "\n" }.split(separator: "|", omittingEmptySubsequences: false).count
    #expect(try shown(name, columns: columns, connection) == text, "\(name)")
  }
  #expect(try shown("ring_status", columns: 5, connection).hasPrefix("count|capacity|oldest|newest|bytes\n11|"))
  #expect(
    try shown("host_runs", columns: 6, connection).hasPrefix("run|started_at|ended_at|ending|generation|healthy_at\n1|")
  )
}

@Test func aGenerationOfTheFirstVersionIsStoredAgainByARollback() throws {
  let fixture = try firstVersion()
  let store = try fixture.open()
  let earlier = try fixture.reader().load(2)
  let stored = try store.put(earlier.state, 12)
  #expect(stored.generation == 12)
  #expect(try fixture.reader().load(12).state == earlier.state)
  #expect(try fixture.reader().verify(12) == [])
}
