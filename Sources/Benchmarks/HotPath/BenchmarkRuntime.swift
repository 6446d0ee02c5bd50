import Concurrency
import LiveRuntime
import PersistenceMessages
import PersistencePipeline
import RenderSnapshots
import StudioState

/// The real runtime and the real writer, wired as the host wires them, over a show and a store of the benchmark's choice.
struct BenchmarkRuntime<Store: SnapshotStore> {
  let coordinator: RuntimeCoordinator
  let writer: PersistenceWriter<Store>
  let events = RuntimeEventBus()

  /// - Parameter sequence: what the store holds already.
  init(_ state: StudioState, sequence: UInt64 = 0, policy: PersistencePolicy, store: sending Store) {
    let snapshots = LatestValueMailbox<PersistenceSnapshot>()
    let writer = PersistenceWriter(
      policy: policy, start: .init(sequence: sequence, generation: nil), store: store, snapshots: snapshots,
      clock: MonotonicClock.now, observe: { _, _ in })
    self.writer = writer
    coordinator = RuntimeCoordinator(
      state: state, sequence: sequence, snapshots: snapshots, publisher: RenderSnapshotPublisher(readers: 1),
      events: events, requestPersistence: { writer.request($0) })
  }
}

extension PersistencePolicy {
  /// What is requested stays pending for longer than any benchmark runs.
  static let pendingForever = PersistencePolicy(debounce: .seconds(3600), maxDelay: .seconds(3600))
}
