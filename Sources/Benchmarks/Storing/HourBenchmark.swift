import Concurrency
import LiveRuntime
import PersistenceMessages
import PersistencePipeline
import RenderSnapshots
import StudioState
import Synchronization

/// G6: an hour of mutations at 60 Hz that never pause, through the real runtime, planner and worker on a clock that is
/// moved by hand.
struct HourBenchmark {
  private static let mutationsPerSecond = 60
  private static let seconds = 3600

  /// The virtual clock, and what was stored when.
  private final class Hour: Sendable {
    struct Store {
      var sequence: UInt64
      var at: Duration
    }

    let now = Mutex(Duration.zero)
    let stores = Mutex<[Store]>([])

    func note(_ sequence: UInt64) {
      let at = now.withLock { $0 }
      stores.withLock { $0.append(Store(sequence: sequence, at: at)) }
    }
  }

  static func measure() throws -> Section {
    let policy = PersistencePolicy()
    let start = MonotonicClock.nanoseconds
    let stores = try storesOfAnHour(policy)
    let wall = Stopwatch.perRound(since: start, 1)
    var (latest, stored) = (Duration.zero, UInt64(0))
    for store in stores {
      latest = max(latest, store.at - time(ofMutation: Int(stored)))
      stored = store.sequence
    }
    var section = Section("G6", "an hour of mutations at 60 Hz, on a virtual clock")
    section.judge("generations", grouped(stores.count), "at most 1,800", isMet: stores.count <= 1800)
    section.judge(
      "longest wait of a mutation for its store", figure(nanoseconds: latest / .nanoseconds(1)),
      "at most the max delay, \(policy.maxDelay)", isMet: latest <= policy.maxDelay)
    let all = seconds * mutationsPerSecond
    section.judge("mutations stored", grouped(Int(stored)), "all \(grouped(all))", isMet: Int(stored) == all)
    section.note("real time of the hour", figure(nanoseconds: wall))
    return section
  }

  private static func time(ofMutation number: Int) -> Duration {
    .seconds(1) * number / mutationsPerSecond
  }

  private static func storesOfAnHour(_ policy: PersistencePolicy) throws -> [Hour.Store] {
    let show = try BenchmarkShow(layers: 10)
    let changes = show.changes(1000)
    let hour = Hour()
    let snapshots = LatestValueMailbox<PersistenceSnapshot>()
    let start = PersistenceWriter<IdleStore>.Start(sequence: 0, generation: nil)
    let writer = PersistenceWriter<IdleStore>(
      start: start, clock: { hour.now.withLock { $0 } }, sleep: { _ in }, observe: { _, _ in })
    let worker = writer.makeWorker(
      policy: policy, start: start, store: IdleStore(onStore: { hour.note($0) }), snapshots: snapshots,
      random: SystemRandomNumberGenerator())
    let coordinator = RuntimeCoordinator(
      state: show.state, sequence: 0, snapshots: snapshots, publisher: RenderSnapshotPublisher(readers: 1),
      events: RuntimeEventBus(), requestPersistence: { writer.request($0) })
    var wake = Duration.zero
    for number in 0..<(seconds * mutationsPerSecond) {
      let now = time(ofMutation: number)
      wake = steps(worker, from: wake, until: now, hour)
      hour.now.withLock { $0 = now }
      let change = changes[number % changes.count]
      try coordinator.perform(
        [.setParameter(change.layer, change.parameter, change.value)], actor: "benchmark", now: now)
    }
    _ = steps(worker, from: wake, until: .seconds(seconds) + policy.maxDelay, hour)
    return hour.stores.withLock { $0 }
  }

  /// Lets the worker do what is due until `end`; when it wants to go on.
  private static func steps(
    _ worker: PersistenceWorker<IdleStore>, from start: Duration, until end: Duration, _ hour: Hour
  ) -> Duration {
    var wake = start
    while wake <= end {
      hour.now.withLock { $0 = wake }
      if case .sleep(let until) = worker.step() { wake = until }
    }
    return wake
  }
}
