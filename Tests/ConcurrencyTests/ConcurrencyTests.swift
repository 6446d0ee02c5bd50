import BuiltInPackages
import Concurrency
import LiveRuntime
import PersistenceMessages
import PersistencePipeline
import RenderSnapshots
import StudioState
import Synchronization
import Testing

// The whole core with all its threads at once: threads that change the show, the worker that stores it, and readers.

private let plasma = BuiltInPackages.demoState.layers[1].id
private let rounds = 300

/// Threads that change the show in every class of mutation, as OSC and HTTP do.
private func addMutators(_ crew: Crew, _ studio: Studio) {
  for number in 0..<3 {
    crew.add("mutator-\(number)", rounds: rounds) { [coordinator = studio.coordinator] round in
      let value = Double(round * 3 + number) / 1000
      do {
        try coordinator.perform(
          [.setParameter(plasma, "mix", .double(value))], actor: "test-\(number)", isForced: round % 50 == 0,
          now: MonotonicClock.now())
      } catch {
        Issue.record("refused: \(error)")
      }
    }
  }
  crew.add("live", rounds: rounds) { [coordinator = studio.coordinator] round in
    do {
      let value = ParameterValue.double(Double(round) / 1000)
      try coordinator.perform([.automate(plasma, .parameter("speed"), value)], actor: "osc", now: MonotonicClock.now())
      coordinator.settle(now: MonotonicClock.now())
      if round % 20 == 0 { try coordinator.perform([.storeLiveValues], actor: "osc", now: MonotonicClock.now()) }
    } catch {
      Issue.record("refused: \(error)")
    }
  }
}

/// Threads that look at what the others do, until they are done.
private func addLookers(_ crew: Crew, _ studio: Studio, until done: Flag) {
  for number in 0..<2 {
    let readers = Handover(studio.publisher.reader(number))
    crew.addLoop("render-\(number)") {
      readers.look()
      return done.isRaised
    }
  }
  let highest = Atomic<UInt64>(0)
  crew.addLoop("health") { [writer = studio.writer, coordinator = studio.coordinator] in
    let status = writer.status()
    let before = highest.exchange(status.storedSequence, ordering: .relaxed)
    if status.storedSequence < before { Issue.record("stored \(status.storedSequence) after \(before)") }
    if status.storedSequence > status.requestedSequence { Issue.record("stored what nobody requested") }
    if let facts = writer.facts, facts.walBytes < 0 { Issue.record("facts make no sense: \(facts)") }
    _ = coordinator.view()
    return done.isRaised
  }
  if let events = studio.events.subscribe(capacity: 16) {
    crew.addLoop("events") {
      for event in events.drain().events {
        if case .runtimePersistenceRequested(let request) = event, request.sequence == 0 { Issue.record("no sequence") }
      }
      return done.isRaised
    }
  }
}

/// A render thread's reader; numbers may only grow.
///
/// `@unchecked Sendable`: used by one thread, which starts after it was made.
private final class Handover: @unchecked Sendable {
  private var reader: RenderSnapshotReader
  private var last: UInt64 = 0

  init(_ reader: consuming RenderSnapshotReader) { self.reader = reader }

  func look() {
    guard let snapshot = reader.newest() else { return }
    if snapshot.number < last { Issue.record("snapshot \(snapshot.number) after \(last)") }
    last = snapshot.number
    if snapshot.layers[plasma]?.parameters["mix"] == nil { Issue.record("half a snapshot") }
  }
}

@Test(.timeLimit(.minutes(2)))
func whatManyThreadsChangeAtOnceIsStoredWholeAndInOrder() async throws {
  let studio = try Studio()
  let (mutators, lookers, done) = (Crew(), Crew(), Flag())
  addLookers(lookers, studio, until: done)
  addMutators(mutators, studio)
  // Meanwhile others wait, flush and do work on the store.
  for _ in 0..<20 {
    let sequence = studio.coordinator.view().sequence
    let wait = await studio.writer.waitUntilStored(sequence, timeout: .seconds(30))
    if sequence > 0, case .stored = wait {} else if sequence > 0 { Issue.record("\(sequence): \(wait)") }
    _ = await studio.writer.flush(timeout: .seconds(30))
    _ = try await studio.writer.maintain(timeout: .seconds(30)) { $0.facts.walBytes }
  }
  #expect(mutators.join())
  let report = await studio.writer.shutdown(within: .seconds(30))
  done.raise()
  #expect(lookers.join())

  let accepted = studio.coordinator.view()
  #expect(report.unsavedRequests == 0)
  #expect(report.outcome == .stored || report.outcome == .nothingPending)
  let stored = try #require(try studio.stored())
  #expect(stored.sequence == accepted.sequence)
  #expect(stored.state.layers == accepted.durable.layers)
  #expect(stored.state.config == accepted.durable.config)
  let told = studio.observed.compactMap { if case .stored(let report) = $0 { report.stored.sequence } else { nil } }
  #expect(told == told.sorted() && Set(told).count == told.count)
  #expect(told.last == accepted.sequence)
}

@Test(.timeLimit(.minutes(2)))
func aShutdownInTheMiddleOfManyThreadsLosesNothingThatWasAccepted() async throws {
  let studio = try Studio()
  let crew = Crew()
  let done = Flag()
  for number in 0..<3 {
    crew.addLoop("mutator-\(number)") { [coordinator = studio.coordinator] in
      do throws(MutationRejection) {
        try coordinator.perform(
          [.setParameter(plasma, "mix", .double(Double(number) / 10))], actor: "test", now: MonotonicClock.now())
        return false
      } catch {
        // The end of accepting, and nothing else.
        if error.code != .stopped { Issue.record("refused: \(error)") }
        return true
      }
    }
  }
  addLookers(crew, studio, until: done)
  _ = await studio.writer.waitUntilStored(50, timeout: .seconds(30))
  studio.coordinator.stopAccepting()
  let report = await studio.writer.shutdown(within: .seconds(30))
  done.raise()
  #expect(crew.join())
  let accepted = studio.coordinator.view()
  #expect(report.unsavedRequests == 0)
  let stored = try #require(try studio.stored())
  #expect(stored.sequence == accepted.sequence)
  #expect(stored.state.layers == accepted.durable.layers)
  #expect(stored.state.config == accepted.durable.config)
}
