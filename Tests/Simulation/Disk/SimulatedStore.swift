import GenerationStore
import PersistenceMessages
import PersistencePipeline

/// The store that the real worker calls. Each call takes time, during which the world continues, and its result depends
/// on the current faults. It never returns if the host ends meanwhile.
final class SimulatedStore: SnapshotStore {
  private unowned let world: World
  private let life: Int
  /// Set while the host closes: a store after that is a bug.
  private var isClosed = false

  init(world: World, life: Int) {
    self.world = world
    self.life = life
  }

  private var host: HostLife? { world.life.flatMap { $0.number == life && !$0.isOver ? $0 : nil } }

  func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration {
    guard let host else { throw .hostIsGone }
    world.require(!isClosed, .bounded, "a store was asked for after the close")
    host.noteAttempt(snapshot, requests: requests)
    let call = world.faults.nextStore()
    world.pass(call.duration)
    if host.isOver {
      leaveInDoubt(snapshot)
      throw .hostIsGone
    }
    switch call.outcome {
    case .ok: return try acknowledge(snapshot, host)
    case .failed(let failure):
      host.noteFailedAttempt(failure)
      throw failure
    case .unknown(let failure, let isVisible, let isDurable):
      if isVisible { _ = commit(snapshot, isSynced: isDurable) }
      world.count { $0.unknownCommits += 1 }
      world.note(3, "COMMIT of \(snapshot.sequence) fails, visible \(isVisible), durable \(isDurable)")
      host.noteFailedAttempt(failure)
      throw failure
    }
  }

  private func acknowledge(_ snapshot: PersistenceSnapshot, _ host: HostLife) throws(StoreFailure) -> StoredGeneration {
    guard let stored = commit(snapshot, isSynced: !world.scenario.hasLyingDisk) else { throw .sequenceBroken }
    world.disk.noteAcknowledged(stored)
    // Durable, but not reported yet: a start after an end at this point must find it.
    world.pass(.microseconds(20))
    guard !host.isOver else { throw .hostIsGone }
    host.noteStored(snapshot, as: stored)
    return stored
  }

  /// The host ended within the call: the transaction took effect or not.
  private func leaveInDoubt(_ snapshot: PersistenceSnapshot) {
    let fate = world.random.below(3)
    world.note(4, "the store of \(snapshot.sequence) was cut off, fate \(fate)")
    if fate > 0 { _ = commit(snapshot, isSynced: fate == 2) }
  }

  private func commit(_ snapshot: PersistenceSnapshot, isSynced: Bool) -> StoredGeneration? {
    let before = world.disk.visible
    switch world.disk.commit(snapshot, wallUnixMs: world.wallUnixMs, isSynced: isSynced) {
    case .broken(let words):
      world.require(false, .immutableHistory, words)
      return nil
    case .stored(let stored, let pruned):
      world.count { $0.pruned += pruned.count }
      world.checkDisk(after: stored, pruned: pruned, before: before)
      return stored
    }
  }

  func rest(idleFor: Duration) {
    guard host != nil, let duration = world.faults.nextUpkeep() else { return }
    world.pass(duration)
  }

  /// A mark or a pin, on the worker's thread between two stores; whether it was set.
  func maintain(_ generation: Int64, _ change: (inout DiskImage) -> Void) -> Bool {
    guard let host, let duration = world.faults.nextUpkeep() else { return false }
    world.pass(duration)
    return !host.isOver && world.disk.mark(generation, change)
  }

  var facts: StoreFacts {
    let ring = world.disk.visible.ring
    return StoreFacts(
      walBytes: 0, databaseBytes: 0,
      ring: .init(
        count: ring.entries.count, capacity: world.scenario.retention.newest, pinned: ring.pinCount,
        oldest: ring.entries.first?.generation, newest: ring.newest?.generation),
      provenGeneration: ring.newestProven)
  }

  func close() throws(StoreFailure) {
    isClosed = true
    guard host != nil, let duration = world.faults.nextUpkeep() else {
      throw StoreFailure(.io, "simulated close", remedy: "Wait.")
    }
    world.pass(duration)
    guard host != nil else { throw .hostIsGone }
  }
}

extension StoreFailure {
  /// The error of a call whose caller no longer exists; it is ignored.
  fileprivate static let hostIsGone = StoreFailure(.io, "the host has ended", remedy: "None.")
  fileprivate static let sequenceBroken = StoreFailure(.invariant, "sequence", remedy: "None.")
}
