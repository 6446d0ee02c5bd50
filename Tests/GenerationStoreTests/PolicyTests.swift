import CSQLite
import PersistenceMessages
import SQLiteConnection
import Testing

@testable import GenerationStore

private let hour: Int64 = 3_600_000
private let day: Int64 = 86_400_000

private func facts(_ number: Int64, at time: Int64 = 0, pinned: Bool = false, proven: Bool = false)
  -> RetentionPolicy.Facts
{
  RetentionPolicy.Facts(generation: number, storedAtUnixMs: time, isPinned: pinned, isProven: proven)
}

private func words(_ verdicts: [RetentionPolicy.Verdict]) -> [String] {
  verdicts.map { $0.reason?.rawValue ?? "-" }
}

// Retention.

@Test func theNewestStay() {
  let policy = RetentionPolicy(newest: 3, hourly: 0, daily: 0)
  #expect(words(policy.verdicts(on: (1...5).map { facts($0) })) == ["-", "-", "ring", "ring", "current"])
}

@Test func ofOlderOnesTheNewestOfAnHourAndOfADayStays() {
  let policy = RetentionPolicy(newest: 1, hourly: 2, daily: 2)
  let times = [0, day, day + 1, 2 * day, 2 * day + hour, 2 * day + hour + 1, 2 * day + 2 * hour, 2 * day + 3 * hour]
  let verdicts = policy.verdicts(on: times.enumerated().map { facts(Int64($0 + 1), at: $1) })
  #expect(words(verdicts) == ["-", "-", "daily", "daily", "-", "hourly", "hourly", "current"])
}

@Test func pinnedAndNewestProvenStayWhateverTheirAge() {
  let policy = RetentionPolicy(newest: 1, hourly: 0, daily: 0)
  let verdicts = policy.verdicts(on: [
    facts(1, proven: true), facts(2, pinned: true), facts(3, proven: true), facts(4), facts(5),
  ])
  #expect(words(verdicts) == ["-", "pinned", "proven", "-", "current"])
}

@Test func anEmptyRingHasNoVerdicts() {
  #expect(RetentionPolicy().verdicts(on: []).isEmpty)
}

@Test func theNewestStaysEvenWhenAskedForNone() {
  #expect(words(RetentionPolicy(newest: 0, hourly: 0, daily: 0).verdicts(on: [facts(1)])) == ["current"])
}

/// A clock that jumps changes which hour a generation counts for, and never how many are kept.
@Test func countsHoldWhateverTheClockDoes() {
  var random = SeededGenerator(seed: 3)
  let policy = RetentionPolicy(newest: 4, hourly: 3, daily: 2)
  for _ in 0..<300 {
    let times = (1...40).map { facts($0, at: Int64.random(in: -2 * day...20 * day, using: &random)) }
    let reasons = policy.verdicts(on: times).compactMap(\.reason)
    #expect(reasons.count { $0 == .ring || $0 == .current } == 4)
    #expect(reasons.count { $0 == .hourly } <= 3)
    #expect(reasons.count { $0 == .daily } <= 2)
  }
}

/// The policy is applied after every store to what it has left: the result must be the same as over the whole history.
@Test func pruningStepByStepKeepsTheLastOfEachHourAndDay() {
  let policy = RetentionPolicy(newest: 5, hourly: 24, daily: 7)
  var kept: [RetentionPolicy.Facts] = []
  let history = (1...2000).map { facts($0, at: $0 * 20 * 60_000) }
  for generation in history {
    kept.append(generation)
    let verdicts = policy.verdicts(on: kept)
    kept = zip(kept, verdicts).filter { $1.reason != nil }.map(\.0)
  }
  let whole = zip(history, policy.verdicts(on: history)).filter { $1.reason != nil }.map(\.0)
  #expect(kept == whole)
  #expect(kept.count <= 5 + 24 + 7)
  #expect(kept.first.map { history[1999].storedAtUnixMs - $0.storedAtUnixMs } ?? 0 > 5 * day)
}

// Keyframes.

@Test(
  arguments: [
    // next, newest keyframe, newest pin, changed, total, due
    (1, nil, nil, 1, 253, true), (2, 1, nil, 1, 253, false), (32, 1, nil, 1, 253, false), (33, 1, nil, 1, 253, true),
    (5, 1, 3, 1, 253, true), (5, 1, 1, 1, 253, true), (5, 4, 3, 1, 253, false), (5, 1, nil, 189, 253, false),
    (5, 1, nil, 190, 253, true), (5, 1, nil, 0, 4, false),
  ] as [(Int64, Int64?, Int64?, Int, Int, Bool)])
func keyframesComeWhenTheyAreDue(
  next: Int64, newest: Int64?, newestPin: Int64?, changed: Int, total: Int, isDue: Bool
) {
  let policy = KeyframePolicy(interval: 32)
  #expect(policy.isDue(next: next, newest: newest, newestPin: newestPin, changed: changed, total: total) == isDue)
}

// Checkpoints.

/// A log of `pages` after `generations` stores and `rests`, since a try that moved everything at 9 pages.
private func policy(generations: Int, rests: Int, isComplete: Bool = true) -> CheckpointPolicy {
  var policy = CheckpointPolicy()
  policy.note(.passive, isComplete: isComplete, pages: 9)
  for _ in 0..<generations { policy.noteStored() }
  for _ in 0..<rests { policy.noteRest() }
  return policy
}

@Test(
  arguments: [
    // generations, rests, pages, step
    (0, 10, 9, nil), (0, 99, 9, nil), (1, 1, 12, nil), (15, 9, 99, nil), (16, 1, 99, .passive), (1, 9, 12, nil),
    (1, 10, 12, .passive), (1, 1, CheckpointPolicy.restPages - 1, nil),
    (1, 1, CheckpointPolicy.restPages + 9, .passive),
    // A mark is no generation.
    (0, 9, 12, nil), (0, 10, 12, .passive),
  ] as [(Int, Int, Int, CheckpointPolicy.Step?)])
func theLogOfAShowThatNeverRestsIsBoundedInBytesGenerationsAndTime(
  generations: Int, rests: Int, pages: Int, step: CheckpointPolicy.Step?
) {
  let policy = policy(generations: generations, rests: rests)
  #expect(policy.stepAtRest(pages: pages, idleFor: .milliseconds(400)) == step)
}

@Test func whatIsStoredFirstIsMovedAtTheFirstRest() {
  var policy = CheckpointPolicy()
  policy.noteStored()
  policy.noteRest()
  #expect(policy.stepAtRest(pages: 20, idleFor: .milliseconds(1)) == .passive)
  policy.note(.passive, isComplete: true, pages: 20)
  policy.noteStored()
  policy.noteRest()
  #expect(policy.stepAtRest(pages: 9, idleFor: .milliseconds(1)) == nil)
}

@Test func whatAReaderHoldsBackIsTriedAgainAfterTenRests() {
  #expect(policy(generations: 0, rests: 9, isComplete: false).stepAtRest(pages: 9, idleFor: .zero) == nil)
  #expect(policy(generations: 0, rests: 10, isComplete: false).stepAtRest(pages: 9, idleFor: .zero) == .passive)
}

@Test func theLogIsEmptiedOnceAfterTwoIdleSeconds() {
  var policy = policy(generations: 1, rests: 1)
  #expect(policy.stepAtRest(pages: 10, idleFor: .milliseconds(1999)) == nil)
  #expect(policy.stepAtRest(pages: 10, idleFor: .seconds(2)) == .truncate)
  policy.note(.truncate, isComplete: true, pages: 0)
  #expect(policy.stepAtRest(pages: 0, idleFor: .seconds(3)) == nil)
  #expect(policy.stepAtRest(pages: 9, idleFor: .seconds(3)) == .truncate)
}

@Test func aLogFoundAtOpeningIsMovedAtOnceAndEmptiedWhenIdle() {
  #expect(CheckpointPolicy().stepAtRest(pages: 0, idleFor: .zero) == .passive)
  #expect(CheckpointPolicy().stepAtRest(pages: 0, idleFor: .seconds(2)) == .truncate)
}

@Test func aShowThatNeverRestsIsCheckpointedAfterAStore() {
  var policy = CheckpointPolicy()
  #expect(policy.stepAfterStore(pages: CheckpointPolicy.forcedPages - 1) == nil)
  #expect(policy.stepAfterStore(pages: CheckpointPolicy.forcedPages) == .passive)
  // A reader held it back: not again before another 1 MiB.
  policy.note(.passive, isComplete: false, pages: CheckpointPolicy.forcedPages)
  #expect(policy.stepAfterStore(pages: CheckpointPolicy.forcedPages + 9) == nil)
  #expect(policy.stepAfterStore(pages: CheckpointPolicy.forcedPages + CheckpointPolicy.restPages) == .passive)
}

// The consequences of failures.

@Test(
  arguments: [
    (SQLITE_BUSY, "BEGIN IMMEDIATE", .busy, .keep), (SQLITE_BUSY, "COMMIT", .busy, .reopen),
    (SQLITE_FULL, "INSERT", .full, .keep), (SQLITE_FULL, "COMMIT", .full, .compareHead),
    (SQLITE_IOERR | (4 << 8), "COMMIT", .io, .doubtLog), (SQLITE_IOERR | (4 << 8), "COMMIT", .full, .doubtLog),
    (SQLITE_CORRUPT, "INSERT", .corrupt, .giveUp), (SQLITE_NOTADB, "open", .corrupt, .giveUp),
    (SQLITE_READONLY, "BEGIN IMMEDIATE", .readOnly, .reopen), (SQLITE_CONSTRAINT, "INSERT", .invariant, .reopen),
    (SQLITE_TOOBIG, "bind", .encoding, .keep), (SQLITE_SCHEMA, "INSERT", .unexpected, .reopen),
  ] as [(Int32, String, StoreFailure.Code, SessionVerdict)])
func afterAFailureTheSessionIsKeptOnlyWhereNothingIsInDoubt(
  code: Int32, during: String, failure: StoreFailure.Code, verdict: SessionVerdict
) {
  let problem = SQLiteFailure(code: code, message: "", during: during)
  #expect(SessionVerdict(problem, failure, isInTransaction: false) == verdict)
}

@Test func aRollbackThatFailedEndsTheSession() {
  let problem = SQLiteFailure(code: SQLITE_FULL, message: "", during: "INSERT")
  #expect(SessionVerdict(problem, .full, isInTransaction: true) == .reopen)
}

@Test(
  arguments: [
    (SQLITE_BUSY, 0, .busy), (SQLITE_BUSY | (2 << 8), 0, .busy), (SQLITE_PROTOCOL, 0, .busy), (SQLITE_FULL, 0, .full),
    (SQLITE_IOERR | (3 << 8), 5, .io), (SQLITE_IOERR | (4 << 8), 28, .full), (SQLITE_IOERR | (19 << 8), 28, .full),
    (SQLITE_IOERR | (3 << 8), 30, .readOnly), (SQLITE_READONLY, 0, .readOnly), (SQLITE_READONLY | (4 << 8), 0, .moved),
    (SQLITE_CORRUPT, 0, .corrupt), (SQLITE_NOTADB, 0, .corrupt), (SQLITE_CANTOPEN, 13, .cannotOpen),
    (SQLITE_PERM, 0, .cannotOpen), (SQLITE_TOOBIG, 0, .encoding), (SQLITE_CONSTRAINT, 0, .invariant),
    (SQLITE_MISUSE, 0, .invariant),
  ] as [(Int32, Int32, StoreFailure.Code)])
func everyResultCodeHasItsFailure(code: Int32, errno: Int32, failure: StoreFailure.Code) {
  let problem = SQLiteFailure(code: code, message: "words", during: "step", systemError: errno)
  let mapped = StoreFailure(problem, DatabaseFiles(folder: "/nowhere"))
  #expect(mapped.code == failure)
  #expect(mapped.message.contains("/nowhere"))
  #expect(!mapped.remedy.isEmpty)
}

private let primaryCodes: [(Int32, StoreFailure.Code)] = [
  (SQLITE_OK, .unexpected), (SQLITE_ERROR, .unexpected), (SQLITE_INTERNAL, .unexpected), (SQLITE_PERM, .cannotOpen),
  (SQLITE_ABORT, .unexpected), (SQLITE_BUSY, .busy), (SQLITE_LOCKED, .busy), (SQLITE_NOMEM, .unexpected),
  (SQLITE_READONLY, .readOnly), (SQLITE_INTERRUPT, .unexpected), (SQLITE_IOERR, .io), (SQLITE_CORRUPT, .corrupt),
  (SQLITE_NOTFOUND, .unexpected), (SQLITE_FULL, .full), (SQLITE_CANTOPEN, .cannotOpen), (SQLITE_PROTOCOL, .busy),
  (SQLITE_EMPTY, .unexpected), (SQLITE_SCHEMA, .unexpected), (SQLITE_TOOBIG, .encoding),
  (SQLITE_CONSTRAINT, .invariant), (SQLITE_MISMATCH, .invariant), (SQLITE_MISUSE, .invariant), (SQLITE_NOLFS, .full),
  (SQLITE_AUTH, .cannotOpen), (SQLITE_FORMAT, .unexpected), (SQLITE_RANGE, .invariant), (SQLITE_NOTADB, .corrupt),
  (SQLITE_NOTICE, .unexpected), (SQLITE_WARNING, .unexpected), (SQLITE_ROW, .unexpected), (SQLITE_DONE, .unexpected),
]

@Test func everyPrimaryResultCodeIsDecidedAndOnlyABrokenRuleOfOursHalts() {
  // Those of SQLite 3.40 are 0 to 28, 100 and 101; no other has ever been given.
  #expect(primaryCodes.map(\.0).sorted() == Array(0...28) + [100, 101])
  for (code, expected) in primaryCodes {
    for extended in [code, code | (1 << 8), code | (4 << 8)] where extended != SQLITE_READONLY | (4 << 8) {
      let problem = SQLiteFailure(code: extended, message: "words", during: "step")
      let failure = StoreFailure(problem, DatabaseFiles(folder: "/nowhere"))
      #expect(failure.code == expected, "result code \(extended)")
      #expect(failure.canRetry == (expected != .invariant), "result code \(extended)")
    }
  }
  // A code of a later SQLite is no reason to stop storing.
  #expect(StoreFailure.Code(primary: 99) == .unexpected)
}

// The ladder.

@Test(
  arguments: [
    ([.whole, .whole], false, 0, .newest), ([.partial, .whole], false, 1, .older),
    ([.lost, .lost, .whole], false, 2, .older),
    ([.partial, .partial], false, 0, .partial), ([.lost, .partial, .lost], false, 1, .partial),
    ([.whole], true, 0, .salvaged), ([.lost, .whole], true, 1, .salvaged), ([.lost, .partial], true, 1, .partial),
  ] as [([RecoveryLadder.Condition], Bool, Int, RecoveryRung)])
func theLadderChoosesTheHighestRung(
  conditions: [RecoveryLadder.Condition], isListDamaged: Bool, index: Int, rung: RecoveryRung
) throws {
  let choice = RecoveryLadder.choose(count: conditions.count, isListDamaged: isListDamaged) { conditions[$0] }
  #expect(try #require(choice) == (index, rung))
}

@Test(arguments: [[], [.lost], [.lost, .lost]] as [[RecoveryLadder.Condition]])
func withNothingReadableTheLadderHasNoRung(conditions: [RecoveryLadder.Condition]) {
  #expect(RecoveryLadder.choose(count: conditions.count, isListDamaged: false) { conditions[$0] } == nil)
}

@Test func oldGenerationsAreNotReadWhenTheNewestIsWhole() {
  var read: [Int] = []
  _ = RecoveryLadder.choose(count: 9, isListDamaged: false) { index -> RecoveryLadder.Condition in
    read.append(index)
    return .whole
  }
  #expect(read == [0])
}

// Who holds a lock.

@Test func lockHoldersAreReadFromTheKernelsTable() {
  let table = """
    1: POSIX  ADVISORY  WRITE 31229 fe:00:777 120 120
    1: -> POSIX  ADVISORY  WRITE 31230 fe:00:777 120 120
    2: POSIX  ADVISORY  READ 31229 fe:00:777 123 123
    3: POSIX  ADVISORY  READ 4711 fe:00:777 124 126
    4: POSIX  ADVISORY  READ 4712 fe:00:777 128 128
    5: POSIX  ADVISORY  WRITE 4713 fe:00:778 120 120
    6: FLOCK  ADVISORY  WRITE 4714 fe:00:777 0 EOF
    nonsense
    """
  #expect(LockHolder.pids(holding: .writer, on: 777, in: table) == [31229])
  #expect(LockHolder.pids(holding: .reader, on: 777, in: table) == [31229, 4711])
}

@Test(arguments: [
  ("show", true), ("opening night", true), ("v2", true), ("", false), ("42", false), ("current", false),
  ("previous", false), ("proven", false), (" show", false), ("a\nb", false), (String(repeating: "x", count: 65), false),
])
func labelsMustNotLookLikeNumbersOrWordsOfTheTool(label: String, isGood: Bool) {
  #expect((PinLabel.problem(with: label) == nil) == isGood)
}
