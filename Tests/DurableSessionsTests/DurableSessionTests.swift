import Afterimage
import DurableFiles
import Foundation
import Testing

private let patience = Duration.seconds(20)

@Test func aNewFolderBeginsWithTheInitialState() async throws {
  let folder = try DeskFolder()
  let session = try await folder.open()
  #expect(session.state == Desk())
  #expect(session.restoration.rung == .initial)
  #expect(session.restoration.isPlain)
  #expect(await session.close(within: patience).outcome == .nothingPending)
}

@Test func whatWasStoredComesBack() async throws {
  let folder = try DeskFolder()
  let first = try await folder.open()
  first.update(reason: "master.set", actor: "operator") { $0.master = 0.25 }
  first.update(reason: "cue.set", actor: "operator") { $0.cues["intro"] = 0.5 }
  let generation = try await first.stored(within: patience)
  #expect(generation != nil)
  #expect(first.health.state == .saved)
  #expect(await first.close(within: patience).unsavedRequests == 0)

  let second = try await folder.open()
  #expect(second.state == Desk(master: 0.25, cues: ["intro": 0.5]))
  #expect(second.restoration.generation == generation)
  #expect(second.restoration.rung == .newest)
  #expect(try await second.generations().first?.actor == "operator")
  _ = await second.close(within: patience)
}

@Test func closingStoresWhatIsPending() async throws {
  let folder = try DeskFolder()
  var slow = folder.options
  slow.debounce = .seconds(60)
  slow.maxDelay = .seconds(60)
  let session = try await folder.open(slow)
  session.update(reason: "master.set", actor: "operator") { $0.master = 0.75 }
  #expect(session.health.hasUnsaved)
  let end = await session.close(within: patience)
  #expect(end.outcome == .stored)
  #expect(end.unsavedRequests == 0)
  let again = try await folder.open()
  #expect(again.state.master == 0.75)
  _ = await again.close(within: patience)
}

@Test func aSecondSessionOnTheSameFolderIsRefusedAndToldWhoHasIt() async throws {
  let folder = try DeskFolder()
  let session = try await folder.open()
  let failure = await #expect(throws: SessionFailure.self) { try await folder.open() }
  #expect(failure?.code == .busy)
  #expect(failure?.description.contains("light-desk") == true)
  _ = await session.close(within: patience)
  let next = try await folder.open()
  _ = await next.close(within: patience)
}

@Test func anUpdateThatThrowsChangesNothing() async throws {
  struct Refused: Error {}
  let folder = try DeskFolder()
  let session = try await folder.open()
  #expect(throws: Refused.self) {
    try session.update(reason: "master.set", actor: "operator") { (desk) throws(Refused) in
      desk.master = 0
      throw Refused()
    }
  }
  #expect(session.state == Desk())
  #expect(!session.health.hasUnsaved)
  _ = await session.close(within: patience)
}

@Test func aRollbackAppendsAndFirstStoresWhatItReplaces() async throws {
  let folder = try DeskFolder()
  let session = try await folder.open()
  session.update(reason: "master.set", actor: "operator") { $0.master = 0.25 }
  let first = try #require(try await session.stored(within: patience))
  session.update(reason: "master.set", actor: "operator") { $0.master = 0.5 }
  let stored = try await session.rollBack(to: first, actor: "operator", within: patience)
  #expect(session.state.master == 0.25)
  let generations = try await session.generations()
  #expect(generations.map(\.generation) == [stored, stored - 1, first])
  #expect(generations.first?.origin == "rollback")
  #expect(try await session.state(of: stored - 1).master == 0.5)
  #expect(
    try await session.difference(from: stored - 1, to: stored)
      == [ValueChange(path: "master", before: 0.5, after: 0.25)])
  await #expect(throws: RollbackFailure.self) {
    try await session.rollBack(to: 99, actor: "operator", within: patience)
  }
  _ = await session.close(within: patience)
}

@Test func aPinnedGenerationIsListedWithItsLabel() async throws {
  let folder = try DeskFolder()
  let session = try await folder.open()
  session.update(reason: "master.set", actor: "operator") { $0.master = 0.25 }
  let generation = try #require(try await session.stored(within: patience))
  try await session.pin(generation, label: "premiere")
  #expect(try await session.generations().first?.pin == "premiere")
  try await session.unpin(generation)
  #expect(try await session.generations().first?.pin == nil)
  _ = await session.close(within: patience)
}

@Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3")))
func damageBringsBackTheGenerationBeforeAndIsReported() async throws {
  let folder = try DeskFolder()
  let first = try await folder.open()
  for master in [0.25, 0.5] {
    first.update(reason: "master.set", actor: "operator") { $0.master = master }
    try await first.stored(within: patience)
  }
  _ = await first.close(within: patience)
  try folder.tamper("UPDATE document SET body = '0.75' WHERE document = (SELECT max(document) FROM document)")

  let second = try await folder.open()
  #expect(second.state.master == 0.25)
  #expect(second.restoration.rung == .older)
  #expect(!second.restoration.lost.isEmpty)
  // It becomes a generation of its own at once, and pruning waits until it is proven (I7, I8).
  try await second.stored(within: patience)
  #expect(try await second.generations().first?.origin == "recovery")
  _ = await second.close(within: patience)
}

@Test func aCrashLoopBringsBackTheProvenGeneration() async throws {
  let folder = try DeskFolder()
  var quick = folder.options
  quick.provingTime = .milliseconds(1)
  let first = try await folder.open(quick)
  first.update(reason: "master.set", actor: "operator") { $0.master = 0.25 }
  let proven = try #require(try await first.stored(within: patience))
  let deadline = ContinuousClock.now + patience
  while try await first.generations().first?.isProven != true, ContinuousClock.now < deadline { await Task.yield() }
  first.update(reason: "master.set", actor: "operator") { $0.master = 0.5 }
  _ = await first.close(within: patience)
  // As three starts leave it that ended within the proving time.
  StartCount(folder: folder.path).write(StartTally(starts: 3))

  let second = try await folder.open()
  #expect(second.restoration.rung == .proven)
  #expect(second.restoration.generation == proven)
  #expect(second.state.master == 0.25)
  #expect(second.restoration.crashLoop?.from == proven + 1)
  #expect(second.restoration.crashLoop?.to == proven)
  #expect(second.restoration.crashLoop?.uncleanEnds == 3)
  _ = await second.close(within: patience)
}

@Test func afterItsEndUpdatesAreVisibleAsUnsaved() async throws {
  let folder = try DeskFolder()
  let session = try await folder.open()
  _ = await session.close(within: patience)
  session.update(reason: "master.set", actor: "operator") { $0.master = 0.25 }
  #expect(session.health.hasUnsaved)
  #expect(session.health.state == .stopped)
  await #expect(throws: StoreWaitFailure.self) { try await session.stored(within: patience) }
}
