import Afterimage
import DurableFiles
import Foundation
import Synchronization
import Testing

private let patience = Duration.seconds(20)

/// Monotonic time that the test advances. Counts the polls of a session's proving.
private final class ManualTime: Sendable {
  private let now = Mutex(Duration.seconds(1000))
  private let looks = Mutex(0)

  var session: SessionTime {
    SessionTime(
      uptime: { self.now.withLock { $0 } }, unixMilliseconds: { 1_763_890_560_123 },
      sleep: { _ in
        self.looks.withLock { $0 += 1 }
        try? await Task.sleep(for: .milliseconds(1))
      })
  }

  /// Lets time pass, and returns once the session has looked at it several times.
  func pass(_ duration: Duration) async throws {
    now.withLock { $0 += duration }
    let seen = looks.withLock { $0 }
    for _ in 0..<10_000 where looks.withLock({ $0 }) < seen + 4 { try await Task.sleep(for: .milliseconds(1)) }
    try #require(looks.withLock { $0 } >= seen + 4)
  }
}

extension DurableSession {
  fileprivate var hasProvenGeneration: Bool {
    get async throws { try await generations().contains(where: \.isProven) }
  }
}

/// A closed folder with one stored change, of which nothing can be read any more.
private func lostFolder() async throws -> DeskFolder {
  let folder = try DeskFolder()
  let session = try await folder.open()
  session.update(reason: "master.set", actor: "operator") { $0.master = 0.25 }
  try await session.stored(within: patience)
  _ = await session.close(within: patience)
  try DurableFile.replace("\(folder.path)/state.db", with: [UInt8](repeating: 0x5A, count: 5000))
  return folder
}

@Test func aLostStateIsAnnouncedOverRestartsAndNotProvenUntilItIsAcknowledged() async throws {
  let folder = try await lostFolder()
  let first = try await folder.open()
  #expect(first.restoration.rung == .program("empty"))
  #expect(first.openLoss?.rung == "empty")
  try await first.stored(within: patience)
  _ = await first.close(within: patience)

  // Nothing is left of it but the record.
  let time = ManualTime()
  var options = folder.options
  options.time = time.session
  let second = try await folder.open(options)
  #expect(second.restoration.rung == .newest)
  #expect(second.openLoss?.lost.isEmpty == false)
  try await time.pass(.seconds(31))
  try await time.pass(.seconds(31))
  #expect(try await !second.hasProvenGeneration)

  #expect(try await second.acknowledgeLoss()?.rung == "empty")
  #expect(try await second.acknowledgeLoss() == nil)
  #expect(second.openLoss == nil)
  try await time.pass(.seconds(31))
  #expect(try await second.hasProvenGeneration)
  _ = await second.close(within: patience)
}

@Test func aLostStateThatWasUpdatedIsProvenAndStillAnnounced() async throws {
  let folder = try await lostFolder()
  let time = ManualTime()
  var options = folder.options
  options.time = time.session
  let session = try await folder.open(options)
  session.update(reason: "master.set", actor: "operator") { $0.master = 0.5 }
  try await session.stored(within: patience)
  try await time.pass(.seconds(1))
  try await time.pass(.seconds(31))
  try await time.pass(.seconds(31))
  #expect(try await session.hasProvenGeneration)
  #expect(session.openLoss?.rung == "empty")
  _ = await session.close(within: patience)
}

@Test func anEndWithTheMachineIsNotACrashOfTheProgram() async throws {
  let folder = try DeskFolder()
  for boot in ["a", "b", "c", "d", "e"] {
    // The count as crashed processes leave it: each start was counted, and no run lasted.
    let count = StartCount(folder: folder.path)
    let tally = count.read()
    var options = folder.options
    options.boot = boot
    let session = try await folder.open(options)
    #expect(session.restoration.crashLoop == nil, "boot \(boot) after \(tally as Any)")
    session.update(reason: "master.set", actor: "operator") { $0.master = 0.5 }
    try await session.stored(within: patience)
    _ = await session.close(within: patience)
    count.write(StartTally(starts: (tally?.crashes(underBoot: boot) ?? 0) + 1, boot: boot, limit: 3))
  }
}

/// The start can't wait for the search in the pages: it begins with less, and what the search finds is offered.
@Test func whatASearchFindsAfterTheStartIsOfferedAsGenerations() async throws {
  let folder = try DeskFolder()
  let first = try await folder.open()
  first.update(reason: "master.set", actor: "operator") { $0.master = 0.25 }
  let lost = try #require(try await first.stored(within: patience))
  _ = await first.close(within: patience)
  let path = "\(folder.path)/state.db"
  var bytes = try #require(try DurableFile.read(path, limit: 1 << 24))
  bytes.replaceSubrange(0..<16, with: repeatElement(0x55, count: 16))
  try DurableFile.replace(path, with: bytes)

  var options = folder.options
  options.salvageBudget = .zero
  let second = try await folder.open(options)
  #expect(second.restoration.rung == .program("empty"))
  try await second.stored(within: patience)
  for _ in 0..<2000 {
    if second.openLoss?.command.contains("rollback \(lost)") ?? false { break }
    try await Task.sleep(for: .milliseconds(5))
  }
  #expect(second.openLoss?.command.hasSuffix("rollback \(lost)") == true)
  #expect(second.state == Desk(), "what is in use stays")
  #expect(try await second.generations().first?.generation ?? 0 > lost)
  try await second.rollBack(to: lost, actor: "operator", within: patience)
  #expect(second.state.master == 0.25)
  _ = await second.close(within: patience)
}
