import PersistenceMessages
import Testing

@testable import GenerationStore

private func steps(_ code: StoreFailure.Code, _ count: Int, hasSecond: Bool) -> [FailoverPolicy.Step] {
  var policy = FailoverPolicy(hasSecond: hasSecond)
  return (0..<count).map { _ in policy.noteFailure(code) }
}

@Test func aDiskThatTakesNoFreshDatabaseIsLeftAfterFourFailures() {
  #expect(steps(.io, 5, hasSecond: true) == [.retry, .retry, .tryFreshDatabase, .failOver, .failOver])
}

@Test func withAFreshDatabaseTheFolderGetsTwoMoreAttempts() {
  var policy = FailoverPolicy(hasSecond: true)
  var steps: [FailoverPolicy.Step] = []
  for _ in 0..<6 {
    steps.append(policy.noteFailure(.io))
    if steps.last == .tryFreshDatabase { policy.noteReplaced() }
  }
  #expect(steps == [.retry, .retry, .tryFreshDatabase, .retry, .retry, .failOver])
}

@Test func withoutASecondFolderAFreshDatabaseIsTriedLessAndLessOften() {
  let steps = steps(.io, 100, hasSecond: false)
  #expect(steps.indices.filter { steps[$0] == .tryFreshDatabase }.map { $0 + 1 } == [3, 6, 12, 24, 48, 96])
  #expect(!steps.contains(.failOver))
}

@Test func aDatabaseIsReplacedOnceInAnOutage() {
  var policy = FailoverPolicy(hasSecond: false)
  for _ in 0..<3 { _ = policy.noteFailure(.io) }
  policy.noteReplaced()
  for _ in 0..<100 { #expect(policy.noteFailure(.io) == .retry) }
  policy.noteStored()
  #expect((0..<3).map { _ in policy.noteFailure(.io) } == [.retry, .retry, .tryFreshDatabase])
}

@Test(arguments: [StoreFailure.Code.full, .readOnly, .cannotOpen, .busy, .moved, .corrupt, .newerSchema])
func whatAFreshDatabaseDoesNotHelpGoesToTheSecondFolder(code: StoreFailure.Code) {
  #expect(steps(code, 4, hasSecond: true) == [.retry, .retry, .retry, .failOver])
}

@Test(arguments: [StoreFailure.Code.encoding, .invariant])
func whatWouldFailAnywhereMovesNothing(code: StoreFailure.Code) {
  #expect(steps(code, 50, hasSecond: true).allSatisfy { $0 == .retry })
}

@Test func aSuccessBeginsTheCountAnew() {
  var policy = FailoverPolicy(hasSecond: true)
  for _ in 0..<3 { _ = policy.noteFailure(.full) }
  policy.noteStored()
  for _ in 0..<3 { #expect(policy.noteFailure(.full) == .retry) }
  #expect(policy.noteFailure(.full) == .failOver)
}

@Test func anIdleShowWithoutAHomeGoesToTheSecondFolderToo() {
  var policy = FailoverPolicy(hasSecond: true)
  for _ in 0..<3 { #expect(policy.noteRest(isHomeless: true) == .retry) }
  #expect(policy.noteRest(isHomeless: false) == .retry)
  for _ in 0..<3 { #expect(policy.noteRest(isHomeless: true) == .retry) }
  #expect(policy.noteRest(isHomeless: true) == .failOver)
}

@Test func theFirstFolderIsTriedLessAndLessOften() {
  var policy = FailoverPolicy(hasSecond: true)
  policy.noteFailedOver()
  #expect(policy.place == .second)
  var waits: [Int] = []
  var wait = 0
  while waits.count < 8 {
    wait += 1
    guard policy.noteRestInSecond() else { continue }
    waits.append(wait)
    wait = 0
    policy.noteProbeFailed()
  }
  #expect(waits == [10, 20, 40, 80, 160, 320, 320, 320])
  policy.noteStored()
  #expect(policy.place == .first)
}
