import PersistenceMessages
import Testing

@testable import PersistencePipeline

// The planner's timing rules, just before and just after each deadline. Times are milliseconds on a clock of the test.

private let nanosecond = Duration.nanoseconds(1)

private func planner(_ policy: PersistencePolicy = PersistencePolicy(jitter: 0)) -> PersistencePlanner {
  PersistencePlanner(policy: policy, stored: 10)
}

private func ms(_ milliseconds: Int) -> Duration { .milliseconds(milliseconds) }

extension PersistencePlanner {
  fileprivate mutating func request(_ sequence: UInt64, at now: Duration, isForced: Bool = false) {
    noteRequests(upTo: sequence, isForced: isForced, earliest: now, latest: now)
  }

  fileprivate func isDue(at now: Duration) -> Bool { nextAction(at: now) == .store }
}

private let disk = StoreFailure(.io, "write failed", remedy: "look")
private let encoding = StoreFailure(.encoding, "a text of 40 MB", remedy: "shorten it")
private let bug = StoreFailure(.invariant, "impossible", remedy: "restart")

@Test func nothingIsStoredWithoutARequest() {
  #expect(planner().nextAction(at: ms(1_000_000)) == .wait(until: nil))
}

@Test func aRequestIsStoredAfterTheDebounceAndNotBefore() {
  var planner = planner()
  planner.request(11, at: ms(1000))
  #expect(planner.nextAction(at: ms(1250) - nanosecond) == .wait(until: ms(1250)))
  #expect(planner.isDue(at: ms(1250)))
}

@Test func eachFurtherRequestStartsTheDebounceAnew() {
  var planner = planner()
  planner.request(11, at: ms(1000))
  planner.request(12, at: ms(1200))
  #expect(!planner.isDue(at: ms(1450) - nanosecond))
  #expect(planner.isDue(at: ms(1450)))
}

@Test func maxDelayHoldsUnderAStreamThatNeverPauses() {
  var planner = planner()
  var storedAt: [Duration] = []
  var sequence: UInt64 = 10
  // 60 requests a second for ten seconds.
  for frame in 0..<600 {
    let now = Duration.seconds(1) * frame / 60
    sequence += 1
    planner.request(sequence, at: now)
    if planner.isDue(at: now) {
      storedAt.append(now)
      planner.noteStored(sequence: sequence)
    }
  }
  #expect(storedAt.count == 4)
  #expect(zip(storedAt, storedAt.dropFirst()).allSatisfy { $1 - $0 <= .seconds(2) + ms(17) })
}

@Test func theDelayCountsFromTheEarliestMomentARequestCanHaveBeenMade() {
  var planner = planner()
  planner.noteRequests(upTo: 11, isForced: false, earliest: ms(975), latest: ms(1000))
  for sequence in UInt64(12)...60 {
    planner.request(sequence, at: ms(1000 + 40 * (Int(sequence) - 11)))
  }
  #expect(!planner.isDue(at: ms(2975) - nanosecond))
  #expect(planner.isDue(at: ms(2975)))
}

@Test func thePlannerStoresAForcedRequestAtOnce() {
  var planner = planner()
  planner.request(11, at: ms(1000), isForced: true)
  #expect(planner.isDue(at: ms(1000)))
}

@Test func aFlushStoresWhatIsPendingAtOnce() {
  var planner = planner()
  planner.request(11, at: ms(1000))
  planner.noteFlush(at: ms(1001))
  #expect(planner.isDue(at: ms(1001)))
}

@Test func aFlushWithNothingPendingStoresNothing() {
  var planner = planner()
  planner.noteFlush(at: ms(1000))
  #expect(planner.nextAction(at: ms(1000)) == .wait(until: nil))
  planner.request(11, at: ms(2000))
  #expect(!planner.isDue(at: ms(2000)), "an old flush must not hurry a later request")
}

@Test func pendingIsClearedOnlyByAStoreThatSaidOK() {
  var planner = planner()
  planner.request(11, at: ms(1000))
  planner.noteFailure(disk, at: ms(1300), random: 0)
  #expect(planner.hasUnsaved)
  #expect(planner.oldestUnsavedAt == ms(1000))
  planner.noteStored(sequence: 11)
  #expect(!planner.hasUnsaved)
  #expect(planner.oldestUnsavedAt == nil)
}

@Test func aStoreOfAnOlderSequenceLeavesTheNewerOneUnsaved() {
  var planner = planner()
  planner.request(11, at: ms(1000))
  planner.request(12, at: ms(1100))
  planner.noteStored(sequence: 11)
  #expect(planner.hasUnsaved)
  #expect(planner.isDue(at: ms(1350)))
}

@Test func aRequestDuringAStoreIsStoredNext() {
  var planner = planner()
  planner.request(11, at: ms(1000))
  // The store of 11 ran from 1250 to 1400; 12 came in within.
  planner.noteStored(sequence: 11)
  planner.noteRequests(upTo: 12, isForced: false, earliest: ms(1250), latest: ms(1400))
  #expect(!planner.isDue(at: ms(1650) - nanosecond))
  #expect(planner.isDue(at: ms(1650)))
}

@Test(arguments: [(1, 250), (2, 500), (3, 1000), (4, 2000), (5, 4000), (6, 5000), (40, 5000)])
func theWaitDoublesWithEachFailureUpToItsBound(attempt: Int, milliseconds: Int) {
  var planner = planner()
  planner.request(11, at: .zero)
  for _ in 1..<attempt { planner.noteFailure(disk, at: .zero, random: 0) }
  let delay = planner.noteFailure(disk, at: ms(1000), random: 0)
  #expect(delay == ms(milliseconds))
  #expect(!planner.isDue(at: ms(1000 + milliseconds) - nanosecond))
  #expect(planner.isDue(at: ms(1000 + milliseconds)))
}

@Test func jitterOnlyShortensAWaitAndOnlyByItsShare() {
  let policy = PersistencePolicy()
  #expect(policy.retryDelay(attempt: 1, .soon, random: 0) == ms(250))
  #expect(policy.retryDelay(attempt: 1, .soon, random: 0.999) ?? .zero > ms(200))
  #expect(policy.retryDelay(attempt: 1, .soon, random: 0.5) == ms(225))
}

/// The planner and everybody who reads `canRetry` go by one table.
@Test(arguments: StoreFailure.Code.allCases)
func thePlannerHaltsExactlyWhereAFailureSaysThatNoRetryFollows(code: StoreFailure.Code) {
  let failure = StoreFailure(code, "words", remedy: "look")
  var planner = planner()
  planner.request(11, at: .zero)
  let delay = planner.noteFailure(failure, at: .zero, random: 0)
  #expect(planner.isHalted == !failure.canRetry)
  #expect((delay == nil) == planner.isHalted)
  #expect(planner.isHalted == (code == .invariant))
}

@Test func newRequestsDoNotHurryARetry() {
  var planner = planner()
  planner.request(11, at: ms(0))
  planner.noteFailure(disk, at: ms(300), random: 0)
  planner.request(12, at: ms(310), isForced: true)
  #expect(!planner.isDue(at: ms(549)))
  #expect(planner.isDue(at: ms(550)))
}

@Test func aFlushHurriesARetry() {
  var planner = planner()
  planner.request(11, at: ms(0))
  planner.noteFailure(disk, at: ms(300), random: 0)
  planner.noteFlush(at: ms(310))
  #expect(planner.isDue(at: ms(310)))
}

@Test func whatCannotSucceedByItselfIsRetriedSlowlyFromTheStart() {
  var planner = planner()
  planner.request(11, at: ms(0))
  #expect(planner.noteFailure(encoding, at: ms(300), random: 0) == .seconds(5))
}

@Test func aBrokenInvariantStopsStoringAndKeepsEverythingUnsaved() {
  var planner = planner()
  planner.request(11, at: ms(0))
  #expect(planner.noteFailure(bug, at: ms(300), random: 0) == nil)
  planner.request(12, at: ms(400), isForced: true)
  planner.noteFlush(at: ms(400))
  #expect(planner.nextAction(at: ms(100_000)) == .wait(until: nil))
  #expect(planner.hasUnsaved)
  planner.noteShutdown(at: ms(100_000), deadline: ms(103_000))
  #expect(planner.nextAction(at: ms(100_000)) == .finish(.failed))
}

@Test func aSuccessEndsTheBackoff() {
  var planner = planner()
  planner.request(11, at: ms(0))
  for _ in 0..<5 { planner.noteFailure(disk, at: ms(300), random: 0) }
  planner.noteStored(sequence: 11)
  #expect(planner.failedAttempts == 0)
  planner.request(12, at: ms(9000))
  #expect(planner.isDue(at: ms(9250)))
}

@Test func shutdownStoresWhatIsPendingAtOnceAndSaysStored() {
  var planner = planner()
  planner.request(11, at: ms(1000))
  planner.noteShutdown(at: ms(1001), deadline: ms(4001))
  #expect(planner.isDue(at: ms(1001)))
  planner.noteStored(sequence: 11)
  #expect(planner.nextAction(at: ms(1010)) == .finish(.stored))
}

@Test func shutdownWithNothingPendingStoresNothing() {
  var planner = planner()
  planner.request(11, at: ms(0))
  planner.noteStored(sequence: 11)
  planner.noteShutdown(at: ms(1000), deadline: ms(4000))
  #expect(planner.nextAction(at: ms(1000)) == .finish(.nothingPending))
}

@Test func shutdownRetriesWithinItsBudgetAndThenSaysFailed() {
  var planner = planner()
  planner.request(11, at: ms(0))
  planner.noteShutdown(at: ms(0), deadline: ms(600))
  planner.noteFailure(disk, at: ms(10), random: 0)
  #expect(planner.nextAction(at: ms(11)) == .wait(until: ms(260)))
  planner.noteFailure(disk, at: ms(260), random: 0)
  #expect(planner.nextAction(at: ms(270)) == .wait(until: ms(600)))
  #expect(planner.nextAction(at: ms(600)) == .finish(.failed))
}

@Test func shutdownThatRunsOutOfTimeWithoutAnAnswerSaysTimedOut() {
  var planner = planner()
  planner.request(11, at: ms(0))
  planner.noteShutdown(at: ms(0), deadline: ms(600))
  #expect(planner.nextAction(at: ms(600)) == .finish(.timedOut))
}

@Test func aMaxDelayShorterThanTheDebounceIsRaisedToIt() {
  #expect(PersistencePolicy(debounce: .seconds(5), maxDelay: .seconds(1)).maxDelay == .seconds(5))
}
