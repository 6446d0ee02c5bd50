import DurableFiles
import PersistenceMessages
import Studio
import StudioState
import Testing

@testable import GenerationStore

private let first = LogLink(after: nil)
private let second = LogLink(after: first)
private let third = LogLink(after: second)

@Test(
  arguments: [
    // of the database, of the log, whether the log is foreign
    (first, second, false), (second, second, false), (third, second, true), (first, third, true), (third, first, true),
    (nil, second, false), (first, nil, false), (nil, nil, false),
  ] as [(LogLink?, LogLink?, Bool)])
func aLogBelongsToTheDatabaseThatItWasBegunOn(database: LogLink?, log: LogLink?, isForeign: Bool) {
  let logged = LoggedLink(hasCommits: true, link: log)
  #expect((LogOwnership.reasonAgainst(logged, beside: BareDatabase(link: database)) != nil) == isForeign)
  #expect(LogOwnership.reasonAgainst(logged, beside: BareDatabase(isCopyWithoutLog: true, link: database)) != nil)
}

@Test func aLinkIsReadOnlyWhole() {
  #expect(LogLink(text: second.text) == second)
  #expect(second.text.utf8.count == first.text.utf8.count, "it is replaced in its place")
  var bytes = Array(second.text.utf8)
  for index in bytes.indices {
    let byte = bytes[index]
    bytes[index] = byte == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
    #expect(LogLink(text: String(decoding: bytes, as: UTF8.self)) == nil)
    bytes[index] = byte
  }
}

/// How an operator's hand may bring a database beside a log that is not its own.
enum Exchange: CaseIterable {
  case backup, copyAfterACleanEnd, anotherShow
}

/// A folder with generations up to 9 whose newest are in the log, over whose `state.db` another one was copied.
private func exchanged(_ exchange: Exchange) throws -> (StoreFixture, old: StudioState, newest: Int64) {
  let fixture = try StoreFixture()
  var store = try fixture.open()
  let old = try store.fill(4, from: sampleState(layers: 40))
  let copy = "\(fixture.root)/copy.db"
  switch exchange {
  case .backup:
    let reader = try fixture.reader()
    try reader.backUp(to: copy)
    reader.close()
  case .copyAfterACleanEnd:
    try store.close()
    try DurableFile.replace(copy, with: try #require(try DurableFile.read(fixture.database, limit: 1 << 24)))
    store = try fixture.open()
  case .anotherShow:
    let other = try StoreFixture()
    let elsewhere = try other.open()
    try elsewhere.fill(4, from: sampleState(layers: 40))
    try elsewhere.close()
    try DurableFile.replace(copy, with: try #require(try DurableFile.read(other.database, limit: 1 << 24)))
  }
  // Some of it is moved into the database, then more comes.
  var state = try store.fill(2, from: old, firstSequence: 5)
  store.rest(idleFor: .zero)
  for sequence: UInt64 in 7...9 {
    state = state.setting("layer-\(sequence)", mix: 0.9)
    try store.put(state, sequence)
  }
  store.drop()
  try DurableFile.replace(fixture.database, with: try #require(try DurableFile.read(copy, limit: 1 << 24)))
  return (fixture, old, 4)
}

@Test(arguments: Exchange.allCases) func aDatabasePutBesideAForeignLogIsNotMixedWithIt(_ exchange: Exchange) throws {
  let (fixture, old, newest) = try exchanged(exchange)
  let log = try #require(try DurableFile.read("\(fixture.database)-wal", limit: 1 << 24))
  let opened = GenerationStore.openOrQuarantine(fixture.options)
  #expect(opened.failure == nil)
  #expect(opened.restored?.rung == .newest)
  #expect(opened.restored?.generation == newest)
  #expect(opened.restored?.state == old)
  #expect(opened.reports.contains { $0.contains("does not belong to the database beside it") }, "\(opened.reports)")
  // The operator learns also what the exchange cost.
  #expect(opened.missing == MissingGenerations(found: newest, known: 9))
  try opened.store.expectSound()

  let quarantine = try #require(try FolderListing.entries(of: "\(fixture.folder)/quarantine").first).name
  #expect(quarantine.hasSuffix("-foreign-log"))
  #expect(try DurableFile.read("\(fixture.folder)/quarantine/\(quarantine)/state.db-wal", limit: 1 << 24) == log)
  #expect(try opened.store.put(old.setting("layer-1", mix: 0.7), 10).generation == 10)
}

@Test func theFirstTransactionOfEachRoundOfTheLogNamesTheRoundBefore() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let state = try store.fill(1, from: sampleState(layers: 2))
  let begun = try #require(try store.openSession().logLink)
  #expect(begun.previous == 0)
  try store.fill(1, from: state, firstSequence: 2)
  #expect(try store.openSession().logLink == begun, "the log goes on")
  store.rest(idleFor: .seconds(3))
  #expect(try store.openSession().logLink == begun, "nothing is written by emptying it")
  try store.fill(1, from: state, firstSequence: 3)
  #expect(try store.openSession().logLink?.previous == begun.own)
  // A start that finds a log goes on in it.
  let later = try store.openSession().logLink
  store.drop()
  try store.fill(1, from: state, firstSequence: 4)
  #expect(try store.openSession().logLink == later)
}
