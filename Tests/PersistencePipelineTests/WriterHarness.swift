import Concurrency
import PersistenceMessages
import StudioState
import Synchronization

@testable import PersistencePipeline

/// A store in memory that fails and stalls on demand, and counts calls.
final class ScriptedStore: SnapshotStore, Sendable {
  struct Script: Sendable {
    var failures: [StoreFailure] = []
    var stored: [(sequence: UInt64, requests: UInt64)] = []
    var attempts = 0
    var rests: [Duration] = []
    var isClosed = false
    /// The generation that holds the newest state since it was stored again elsewhere; nil while that did not happen.
    var movedTo: Int64?
    /// Runs in the middle of each store.
    var duringStore: @Sendable () -> Void = {}
    /// Runs in the middle of each rest.
    var duringRest: @Sendable () -> Void = {}
  }

  let script = Mutex(Script())

  func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration {
    let (failure, during) = script.withLock { script -> (StoreFailure?, @Sendable () -> Void) in
      script.attempts += 1
      return (script.failures.isEmpty ? nil : script.failures.removeFirst(), script.duringStore)
    }
    during()
    if let failure { throw failure }
    let generation = script.withLock { script in
      script.stored.append((snapshot.sequence, requests))
      return Int64(script.stored.count)
    }
    return StoredGeneration(
      generation: generation, sequence: snapshot.sequence, bytes: 100, storedAtUnixMs: 0, isKeyframe: false)
  }

  func rest(idleFor: Duration) {
    let during = script.withLock { script in
      script.rests.append(idleFor)
      return script.duringRest
    }
    during()
  }

  var facts: StoreFacts {
    var facts = StoreFacts(
      walBytes: 0, databaseBytes: 0, ring: .init(count: 0, capacity: 64, pinned: 0, oldest: nil, newest: nil),
      provenGeneration: nil)
    facts.stored = script.withLock { script in
      guard let sequence = script.stored.last?.sequence else { return nil }
      return StoredGeneration(
        generation: script.movedTo ?? Int64(script.stored.count), sequence: sequence, bytes: 100, storedAtUnixMs: 0,
        isKeyframe: false)
    }
    return facts
  }

  func close() throws(StoreFailure) { script.withLock { $0.isClosed = true } }

  var storedSequences: [UInt64] { script.withLock { $0.stored.map(\.sequence) } }
}

/// A writer whose worker is stepped by hand on a clock that only the test moves.
final class WriterHarness {
  let store = ScriptedStore()
  let writer: PersistenceWriter<ScriptedStore>
  private let worker: PersistenceWorker<ScriptedStore>
  private let time = TestTime()
  private let observations = ObservationLog()
  private let snapshots = LatestValueMailbox<PersistenceSnapshot>()
  private var sequence: UInt64
  private var requestCount: UInt64 = 0
  private var isEnded = false

  init(stored: UInt64 = 0, policy: PersistencePolicy = PersistencePolicy(jitter: 0)) {
    let (time, observations) = (time, observations)
    sequence = stored
    let start = PersistenceWriter<ScriptedStore>.Start(sequence: stored, generation: nil)
    writer = PersistenceWriter(
      start: start, clock: { time.now }, sleep: { await time.sleep($0) }, observe: { observations.append($0, $1) })
    worker = writer.makeWorker(
      policy: policy, start: start, store: store, snapshots: snapshots, random: FixedRandom())
  }

  var now: Duration { time.now }
  var oldestUnsavedAge: Duration? { writer.status().oldestUnsavedAge }
  var observed: [PersistenceObservation] { observations.all }
  var statuses: [PersistenceStatus] { observations.statuses }
  var storedSequences: [UInt64] { store.storedSequences }

  /// A durable mutation: the snapshot is published, then its storing requested, as the runtime does it.
  @discardableResult
  func mutate(isForced: Bool = false) -> UInt64 {
    writer.request(publishWithoutRequest(isForced: isForced))
    return sequence
  }

  /// As far as a durable mutation gets whose thread is interrupted right after it was accepted.
  @discardableResult
  func publishWithoutRequest(isForced: Bool = false) -> PersistenceRequest {
    sequence += 1
    requestCount += 1
    let request = PersistenceRequest(
      target: .runtimeState, reason: "test", actor: "test", isForced: isForced, sequence: sequence)
    snapshots.publish(PersistenceSnapshot(state: StudioState(), request: request, requestCount: requestCount))
    return request
  }

  /// Time passes while the worker is held up.
  func standStill(_ duration: Duration) { time.set(time.now + duration) }

  /// One step of the worker; time moves on only when the worker would sleep for a deadline of its own.
  func step() {
    guard !isEnded, case .sleep(let until) = worker.step() else { return }
    if store.script.withLock({ $0.attempts }) > 0 { time.set(until) }
  }

  /// Moves time on while the worker is held up in a call.
  func advanceWithoutWorker(by duration: Duration) { time.set(time.now + duration) }

  /// Moves time on, stepping the worker as its thread would.
  func advance(by duration: Duration) {
    let end = time.now + duration
    while !isEnded {
      switch worker.step() {
      case .again: continue
      case .ended: isEnded = true
      case .sleep(let until):
        guard until <= end else {
          time.set(end)
          return
        }
        time.set(until)
      }
    }
    time.set(end)
  }
}

/// The tests' clock. Whoever sleeps on it wakes when a test moves it far enough, or when cancelled.
final class TestTime: Sendable {
  private struct Clock {
    var now: Duration = .seconds(1000)
    var sleepers: [Int: (until: Duration, continuation: CheckedContinuation<Void, Never>)] = [:]
    var cancelled: Set<Int> = []
    var nextSleeper = 0
  }

  private let clock = Mutex(Clock())

  var now: Duration { clock.withLock { $0.now } }
  var sleeperCount: Int { clock.withLock { $0.sleepers.count } }

  func set(_ now: Duration) {
    let due = clock.withLock { clock in
      clock.now = now
      let due = clock.sleepers.filter { $0.value.until <= now }
      for key in due.keys { clock.sleepers[key] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in due { continuation.resume() }
  }

  func sleep(_ duration: Duration) async {
    let number = clock.withLock { clock in
      clock.nextSleeper += 1
      return clock.nextSleeper
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = clock.withLock { clock in
          if clock.cancelled.contains(number) || duration <= .zero { return true }
          clock.sleepers[number] = (clock.now + duration, continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let sleeper = clock.withLock { clock in
        clock.cancelled.insert(number)
        return clock.sleepers.removeValue(forKey: number)
      }
      sleeper?.continuation.resume()
    }
  }
}

final class ObservationLog: Sendable {
  private let log = Mutex<[(observation: PersistenceObservation, status: PersistenceStatus)]>([])

  var all: [PersistenceObservation] { log.withLock { $0.map(\.observation) } }
  /// The writer's condition as it came with each of ``all``.
  var statuses: [PersistenceStatus] { log.withLock { $0.map(\.status) } }

  func append(_ observation: PersistenceObservation, _ status: PersistenceStatus) {
    log.withLock { $0.append((observation, status)) }
  }
}

struct FixedRandom: RandomNumberGenerator {
  func next() -> UInt64 { 0 }
}

extension [PersistenceObservation] {
  var stores: [PersistenceObservation.StoreReport] {
    compactMap { if case .stored(let report) = $0 { report } else { nil } }
  }

  var failures: [PersistenceObservation.FailureReport] {
    compactMap { if case .failed(let report) = $0 { report } else { nil } }
  }
}
