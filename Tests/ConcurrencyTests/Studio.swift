import BuiltInPackages
import Concurrency
import GenerationStore
import LiveRuntime
import PersistenceMessages
import PersistencePipeline
import RenderSnapshots
import Studio
import StudioState
import Synchronization

/// Runtime, writer and store as the host wires them, on a folder of its own, with the worker's real thread.
final class Studio: Sendable {
  let folder: TemporaryFolder
  let coordinator: RuntimeCoordinator
  let writer: PersistenceWriter<DiskStore>
  let events = RuntimeEventBus()
  let publisher = RenderSnapshotPublisher(readers: 2)
  private let log: ObservationLog

  init(policy: PersistencePolicy = PersistencePolicy(debounce: .milliseconds(1), maxDelay: .milliseconds(5))) throws {
    folder = try TemporaryFolder()
    let store = try GenerationStore.open(StoreOptions.studio(folder: "\(folder.path)/data"))
    let snapshots = LatestValueMailbox<PersistenceSnapshot>()
    let log = ObservationLog()
    self.log = log
    let writer = PersistenceWriter(
      policy: policy, start: .init(sequence: 0, generation: nil), store: DiskStore(store),
      snapshots: snapshots, clock: MonotonicClock.now, observe: { observation, _ in log.append(observation) })
    self.writer = writer
    coordinator = RuntimeCoordinator(
      state: BuiltInPackages.demoState, sequence: 0, snapshots: snapshots, publisher: publisher, events: events,
      requestPersistence: { writer.request($0) })
  }

  var observed: [PersistenceObservation] { log.all }

  /// What the database holds now, read by somebody else.
  func stored() throws -> (sequence: UInt64, state: StudioState)? {
    let reader = try GenerationReader.open(.studio, databasePath: "\(folder.path)/data/state.db")
    defer { reader.close() }
    guard let head = try reader.head() else { return nil }
    return (head.sequence, try reader.load(head.generation).state)
  }
}

final class ObservationLog: Sendable {
  private let log = Mutex<[PersistenceObservation]>([])

  var all: [PersistenceObservation] { log.withLock { $0 } }
  func append(_ observation: PersistenceObservation) { log.withLock { $0.append(observation) } }
}

/// The generation store as the writer uses it, without the host's record of runs.
final class DiskStore: SnapshotStore {
  let generations: GenerationStore

  init(_ generations: sending GenerationStore) { self.generations = generations }

  func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration {
    try generations.store(snapshot, requests: requests)
  }

  func rest(idleFor: Duration) { generations.rest(idleFor: idleFor) }
  var facts: StoreFacts { generations.facts }
  func close() throws(StoreFailure) { try generations.close() }
}
