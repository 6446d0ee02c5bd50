import PersistenceMessages
import Testing

@testable import GenerationStore

// One row for each line of the tables in StoreLifecycle.swift and RecoveredState.swift.

private let damaged = BeforeOpening.replace(DatabaseDamage())
private let foreign = BeforeOpening.replace(DatabaseDamage(reason: "another-show", isSalvaged: false))

struct OpeningFailureRow: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var task: BeforeOpening
  var code: StoreFailure.Code
  var progress = BeforeOpening.Progress.preparing
  var replacesDamaged = true
  var next: BeforeOpening
}

@Test(arguments: [
  OpeningFailureRow(testDescription: "damage that is replaced", task: .nothing, code: .corrupt, next: damaged),
  OpeningFailureRow(testDescription: "damage after a doubt", task: .renewLog, code: .corrupt, next: damaged),
  OpeningFailureRow(testDescription: "damage of a fresh database", task: foreign, code: .corrupt, next: damaged),
  OpeningFailureRow(
    testDescription: "damage at a start", task: .nothing, code: .corrupt, replacesDamaged: false, next: .nothing),
  OpeningFailureRow(testDescription: "a failed sync", task: .nothing, code: .io, next: .renewLog),
  OpeningFailureRow(testDescription: "a full disk", task: .nothing, code: .full, next: .renewLog),
  OpeningFailureRow(testDescription: "a failed sync after a replacement", task: damaged, code: .io, next: .renewLog),
  OpeningFailureRow(testDescription: "a lock after a replacement", task: damaged, code: .busy, next: .nothing),
  OpeningFailureRow(testDescription: "a lock while the log is in doubt", task: .renewLog, code: .busy, next: .renewLog),
  OpeningFailureRow(
    testDescription: "no fresh database can be built", task: foreign, code: .io, progress: .replacing, next: foreign),
  OpeningFailureRow(
    testDescription: "an interrupted replacement can't be finished", task: .nothing, code: .io, progress: .replacing,
    next: .nothing),
])
func anOpeningThatFailsDecidesWhatTheNextOneDoesFirst(row: OpeningFailureRow) {
  #expect(row.task.afterFailure(row.code, row.progress, replacesDamaged: row.replacesDamaged) == row.next)
}

struct RecoveredRow: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var before: RecoveredState
  var stored: RecoveredState
  /// After generation 8 was proven, and after generation 7.
  var proven: (above: RecoveredState, below: RecoveredState)
}

@Test(arguments: [
  RecoveredRow(testDescription: "nothing recovered", before: .none, stored: .none, proven: (.none, .none)),
  RecoveredRow(
    testDescription: "recovered, and nothing to hold", before: .unstored(frozenThrough: nil), stored: .none,
    proven: (.unstored(frozenThrough: nil), .unstored(frozenThrough: nil))),
  RecoveredRow(
    testDescription: "recovered from an older one", before: .unstored(frozenThrough: 7), stored: .frozen(through: 7),
    proven: (.unstored(frozenThrough: nil), .unstored(frozenThrough: 7))),
  RecoveredRow(
    testDescription: "stored since", before: .frozen(through: 7), stored: .frozen(through: 7),
    proven: (.none, .frozen(through: 7))),
])
func aRecoveredStateHoldsTheRingUntilALaterGenerationIsProven(row: RecoveredRow) {
  var state = row.before
  state.noteStored()
  #expect(state == row.stored)
  state = row.before
  state.noteProven(8)
  #expect(state == row.proven.above)
  state = row.before
  state.noteProven(7)
  #expect(state == row.proven.below)
}

@Test func aFreezeGoesOnAsItBegan() {
  var state = RecoveredState.none
  state.freeze(through: 5)
  state.freeze(through: 9)
  #expect(state == .frozen(through: 5))
  state.noteRecovered()
  #expect(state == .unstored(frozenThrough: 5))
  state.freeze(through: 9)
  #expect(state == .unstored(frozenThrough: 5))
}

@Test func aFullLogIsAnnouncedOnceAnAlarm() {
  var alarm = LogAlarm.quiet
  #expect([false, true, true, false, true].map { alarm.note(isAlarming: $0) } == [false, true, false, false, true])
}
