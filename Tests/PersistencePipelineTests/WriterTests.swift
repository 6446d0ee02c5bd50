import PersistenceMessages
import Synchronization
import Testing

@testable import PersistencePipeline

// The writer with its real planner and worker, a store and a clock that the test controls.

private let diskFailure = StoreFailure(.io, "the disk is ill", remedy: "look at it")
private let poll = PersistenceWorker<ScriptedStore>.pollInterval

@Test func repeatedRequestsCoalesceIntoOneStore() {
  let harness = WriterHarness()
  for _ in 0..<100 {
    harness.mutate()
    harness.advance(by: .milliseconds(1))
  }
  harness.advance(by: .seconds(1))
  #expect(harness.storedSequences == [100])
  #expect(harness.observed.stores.map(\.requests) == [100])
  #expect(harness.writer.status().coalescedRequests == 99)
}

@Test func newestSnapshotWins() {
  let harness = WriterHarness()
  harness.mutate()
  harness.advance(by: .milliseconds(240))
  harness.mutate()
  harness.advance(by: .seconds(1))
  #expect(harness.storedSequences == [2])
}

@Test func aStreamThatNeverPausesIsStoredWithinMaxDelay() {
  let harness = WriterHarness()
  let start = harness.now
  for _ in 0..<(60 * 10) {
    harness.mutate()
    harness.advance(by: .microseconds(16_667))
  }
  #expect(harness.storedSequences.count >= 4)
  let first = harness.observed.stores.first
  #expect((first?.stored.sequence ?? .max) <= 120, "the first store is due two seconds after \(start)")
}

@Test func withoutARequestNothingIsStored() {
  let harness = WriterHarness()
  harness.advance(by: .seconds(60))
  #expect(harness.store.script.withLock { $0.attempts } == 0)
}

@Test func aForcedRequestIsStoredAtOnce() {
  let harness = WriterHarness()
  harness.mutate(isForced: true)
  harness.advance(by: .zero)
  #expect(harness.storedSequences == [1])
}

@Test func aRequestThatArrivesWhileAStoreIsInFlightIsStoredNext() {
  let harness = WriterHarness()
  harness.mutate()
  let gate = WriterHarnessReference(harness)
  harness.store.script.withLock { script in
    script.duringStore = { gate.mutateOnce() }
  }
  harness.advance(by: .seconds(2))
  #expect(harness.storedSequences == [1, 2])
}

@Test func aStoreFailureIsRecordedAndUnsavedStateStaysVisible() {
  let harness = WriterHarness()
  harness.store.script.withLock { $0.failures = [diskFailure, diskFailure, diskFailure] }
  harness.mutate()
  harness.advance(by: .milliseconds(600))
  let status = harness.writer.status()
  #expect(status.state == .retrying || status.state == .failing)
  #expect(status.requestedSequence == 1)
  #expect(status.storedSequence == 0)
  #expect(status.lastFailure?.failure == diskFailure)
  #expect((status.oldestUnsavedAge ?? .zero) >= .milliseconds(600))
  #expect(harness.observed.failures.map(\.attempt) == [1, 2])
}

@Test func afterAFailureTheNewestSnapshotIsStoredAndTheRecoveryReported() {
  let harness = WriterHarness()
  harness.store.script.withLock { $0.failures = [diskFailure, diskFailure] }
  harness.mutate()
  harness.advance(by: .milliseconds(400))
  harness.mutate()
  harness.mutate()
  harness.advance(by: .seconds(5))
  #expect(harness.storedSequences == [3])
  #expect(harness.observed.stores.first?.requests == 3)
  let recoveries = harness.observed.compactMap { if case .recovered(let attempts, _) = $0 { attempts } else { nil } }
  #expect(recoveries == [2])
  #expect(harness.writer.status().state == .saved)
  #expect(harness.writer.status().lastFailure == nil)
}

@Test func anObservationComesWithTheWritersConditionRightAfterIt() {
  let harness = WriterHarness()
  harness.store.script.withLock { $0.failures = [diskFailure] }
  harness.mutate()
  harness.advance(by: .seconds(2))
  // Storing, failed, storing, stored, recovered.
  #expect(harness.statuses.map(\.unsavedRequests) == [1, 1, 1, 0, 0])
  #expect(harness.statuses.map(\.lastFailure?.attempt) == [nil, 1, 1, nil, nil])
  #expect(harness.statuses.map(\.storedGeneration) == [nil, nil, nil, 1, 1])
  #expect(harness.statuses[1].nextRetryIn == .milliseconds(250))
}

@Test func aFailureSaysWhetherANewerRequestWaits() {
  let harness = WriterHarness()
  let reference = WriterHarnessReference(harness)
  harness.store.script.withLock { script in
    script.failures = [diskFailure]
    script.duringStore = { reference.mutateOnce() }
  }
  harness.mutate()
  harness.advance(by: .milliseconds(300))
  #expect(harness.observed.failures.first?.newerRequestPending == true)
}

@Test func theAgeOfUnsavedStateCountsFromTheFirstUnsavedRequest() {
  let harness = WriterHarness()
  harness.store.script.withLock { $0.failures = Array(repeating: diskFailure, count: 50) }
  harness.mutate()
  harness.advance(by: .seconds(1))
  harness.mutate()
  harness.advance(by: .seconds(9))
  let age = harness.writer.status().oldestUnsavedAge ?? .zero
  #expect(age >= .seconds(10) && age <= .seconds(10) + poll)
}

@Test func whatIsRequestedWhileTheWorkerIsHeldUpIsSeenToAge() {
  let harness = WriterHarness()
  harness.advance(by: .seconds(1))
  harness.mutate()
  harness.advanceWithoutWorker(by: .seconds(8))
  let age = harness.writer.status().oldestUnsavedAge ?? .zero
  #expect(age >= .seconds(8) && age <= .seconds(8) + poll)
}

@Test func shutdownFlushStoresWhatIsPending() async {
  let harness = WriterHarness()
  harness.mutate()
  let report = await shutdown(harness, within: .seconds(3))
  #expect(report == .init(outcome: .stored, generation: 1, unsavedRequests: 0))
  #expect(harness.storedSequences == [1])
  #expect(harness.store.script.withLock { $0.isClosed })
}

@Test func shutdownWithNothingPendingStoresNothing() async {
  let harness = WriterHarness(stored: 7)
  let report = await shutdown(harness, within: .seconds(3))
  #expect(report == .init(outcome: .nothingPending, generation: nil, unsavedRequests: 0))
  #expect(harness.store.script.withLock { $0.attempts } == 0)
}

@Test func shutdownOnAFailingDiskEndsWithinItsBudgetAndSaysWhatStaysUnsaved() async {
  let harness = WriterHarness()
  harness.store.script.withLock { $0.failures = Array(repeating: diskFailure, count: 100) }
  harness.mutate()
  harness.mutate()
  let start = harness.now
  let report = await shutdown(harness, within: .seconds(3))
  #expect(report == .init(outcome: .failed, generation: nil, unsavedRequests: 2))
  #expect(harness.now - start <= .seconds(3) + poll)
}

@Test func everyWaiterGetsOneAnswerAtShutdown() async {
  let harness = WriterHarness()
  harness.store.script.withLock { $0.failures = Array(repeating: diskFailure, count: 100) }
  let sequence = harness.mutate()
  let writer = harness.writer
  let waiters = (0..<20).map { _ in Task { await writer.waitUntilStored(sequence, timeout: .seconds(60)) } }
  _ = await shutdown(harness, within: .seconds(1))
  for waiter in waiters { #expect(await waiter.value == .stopped) }
  #expect(await writer.waitUntilStored(sequence, timeout: .seconds(60)) == .stopped)
}

@Test func aWaiterIsAnsweredByTheStoreOfItsSequenceOrANewerOne() async {
  let harness = WriterHarness()
  let first = harness.mutate()
  harness.mutate()
  let writer = harness.writer
  let waiter = Task { await writer.waitUntilStored(first, timeout: .seconds(60)) }
  harness.advance(by: .seconds(1))
  #expect(await waiter.value == .stored(generation: 1))
}

@Test func aWaiterWhosePatienceEndsIsToldSoAndTheMutationStands() async {
  let harness = WriterHarness()
  harness.store.script.withLock { $0.failures = Array(repeating: diskFailure, count: 3) }
  let sequence = harness.mutate()
  #expect(await harness.writer.waitUntilStored(sequence, timeout: .zero) == .timedOut)
  harness.advance(by: .seconds(10))
  #expect(harness.storedSequences == [1])
}

@Test func maintenanceRunsOnTheWorkerBetweenStores() async throws {
  let harness = WriterHarness()
  let writer = harness.writer
  let attempts = Task { try await writer.maintain(timeout: .seconds(60)) { $0.script.withLock { $0.attempts } } }
  harness.mutate(isForced: true)
  await stepUntilDone(harness, attempts)
  let seen = try await attempts.value
  #expect(seen <= 1)
}

@Test func maintenanceThatNobodyDoesInTimeIsRefusedAndNeverRuns() async {
  let harness = WriterHarness()
  let failure = await #expect(throws: MaintenanceFailure.self) {
    try await harness.writer.maintain(timeout: .zero) { $0.script.withLock { $0.attempts += 1000 } }
  }
  #expect(failure == .busy)
  harness.advance(by: .seconds(1))
  #expect(harness.store.script.withLock { $0.attempts } == 0)
}

/// A shutdown cancels who waits for the worker; the disk may hold that for longer than the budget.
@Test func whoWaitsForMaintenanceCanBeCancelled() async {
  let harness = WriterHarness()
  let writer = harness.writer
  let waiting = Task { try await writer.maintain(timeout: .seconds(3600)) { $0.script.withLock { $0.attempts } } }
  waiting.cancel()
  await #expect(throws: MaintenanceFailure.busy) { try await waiting.value }
}

@Test func theStoreRestsOnlyWhileNothingIsPending() {
  let harness = WriterHarness()
  harness.mutate()
  harness.advance(by: .seconds(10))
  let rests = harness.store.script.withLock { $0.rests }
  #expect((8...10).contains(rests.count))
}

/// Lets the worker's steps and the tasks that wait for it take turns.
private func stepUntilDone<T: Sendable>(_ harness: WriterHarness, _ task: Task<T, any Error>) async {
  for _ in 0..<1000 {
    harness.advance(by: .milliseconds(1))
    await Task.yield()
  }
}

/// Steps the worker to its end while the caller of `shutdown` waits.
private func shutdown(
  _ harness: WriterHarness, within budget: Duration
) async -> PersistenceWriter<ScriptedStore>.ShutdownReport {
  let writer = harness.writer
  let report = Task { await writer.shutdown(within: budget) }
  // The order is given by the task; the worker sees it at one of its next polls.
  while !harness.store.script.withLock({ $0.isClosed }) {
    harness.step()
    await Task.yield()
  }
  return await report.value
}

@Test func aMutationWhoseRequestIsStillOnItsWayIsStoredAtShutdown() async {
  let harness = WriterHarness()
  harness.publishWithoutRequest()
  let report = await shutdown(harness, within: .seconds(3))
  #expect(harness.storedSequences == [1])
  #expect(report.outcome == .stored)
  #expect(report.unsavedRequests == 0)
}

@Test func unsavedStateShowsItsAgeWhileTheDiskHoldsTheWorkerInItsHousekeeping() {
  let harness = WriterHarness()
  let ages = Mutex<[Duration?]>([])
  let reference = WriterHarnessReference(harness)
  harness.store.script.withLock { script in
    script.duringRest = {
      // A checkpoint on a stalling disk: ten seconds, in which the show is changed.
      reference.mutateOnce()
      reference.standStill(.seconds(10))
      ages.withLock { $0.append(reference.oldestUnsavedAge) }
    }
  }
  harness.advance(by: .seconds(2))
  #expect(ages.withLock { $0.first ?? nil } ?? .zero >= .seconds(10))
}

/// As when the first folder takes the newest state back at rest: nothing is stored through the worker.
@Test func theGenerationNamedIsTheOneThatHoldsTheNewestStateNow() async {
  let harness = WriterHarness()
  harness.mutate()
  harness.advance(by: .seconds(1))
  #expect(harness.writer.status().storedGeneration == 1)
  harness.store.script.withLock { $0.movedTo = 7 }
  harness.advance(by: .seconds(2))
  #expect(harness.writer.status().storedGeneration == 7)
  // Whoever asks later gets that one too, and so does the shutdown.
  #expect(await harness.writer.waitUntilStored(1, timeout: .zero) == .stored(generation: 7))
  #expect(await shutdown(harness, within: .seconds(3)).generation == 7)
}
