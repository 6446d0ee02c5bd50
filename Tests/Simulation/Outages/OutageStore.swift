import GenerationStore
import PersistenceMessages
import PersistencePipeline

/// The two folders as the real worker's store, with the real decisions: when to try a fresh database, whether it may
/// take the old one's place, when to leave the folder and when to go back.
final class OutageStore: SnapshotStore {
  private unowned let world: OutageWorld
  private var policy: FailoverPolicy
  private var newest: PersistenceSnapshot?
  /// The folder with the newest state that this host reported as stored.
  private var stored: StoredGeneration?

  init(world: OutageWorld, hasSecond: Bool) {
    self.world = world
    policy = FailoverPolicy(hasSecond: hasSecond)
  }

  var isInSecond: Bool { policy.place == .second }

  func store(_ snapshot: PersistenceSnapshot, requests: UInt64) throws(StoreFailure) -> StoredGeneration {
    newest = snapshot
    if isInSecond {
      do throws(StoreFailure) { return try put(snapshot, \.second) } catch { return try goBack(snapshot) }
    }
    do throws(StoreFailure) {
      let stored = try put(snapshot, \.first)
      policy.noteStored()
      return stored
    } catch {
      switch policy.noteFailure(error.code) {
      case .retry: throw error
      case .tryFreshDatabase: return try storeInFreshDatabase(snapshot, because: error)
      case .failOver: return try failOver(snapshot)
      }
    }
  }

  func rest(idleFor: Duration) {
    guard isInSecond, policy.noteRestInSecond(), let newest else { return }
    if (try? goBack(newest)) == nil { noteElsewhere() }
  }

  func close() throws(StoreFailure) {
    if isInSecond { noteElsewhere() }
  }

  var facts: StoreFacts {
    var facts = StoreFacts(
      walBytes: 0, databaseBytes: 0, ring: .init(count: 0, capacity: 64, pinned: 0, oldest: nil, newest: nil),
      provenGeneration: nil)
    facts.stored = stored
    return facts
  }

  private func put(
    _ snapshot: PersistenceSnapshot, _ place: ReferenceWritableKeyPath<OutageWorld, OutageFolder>
  ) throws(StoreFailure) -> StoredGeneration {
    if let code = world[keyPath: place].failure { throw StoreFailure(code, "simulated", remedy: "Wait.") }
    var folder = world[keyPath: place]
    let generation = max(folder.mark.generation, folder.raised, folder.database.head ?? 0) + 1
    folder.database.generations[generation] = snapshot.sequence
    folder.acknowledged[generation] = snapshot.sequence
    folder.mark = (generation, max(folder.mark.sequence, snapshot.sequence))
    world[keyPath: place] = folder
    let stored = StoredGeneration(
      generation: generation, sequence: snapshot.sequence, bytes: 1, storedAtUnixMs: 0, isKeyframe: false)
    self.stored = stored
    return stored
  }

  private func storeInFreshDatabase(
    _ snapshot: PersistenceSnapshot, because failure: StoreFailure
  ) throws(StoreFailure) -> StoredGeneration {
    world.freshDatabases += 1
    let old = world.first.database
    let successor = world.buildSuccessor()
    // The disk may recover or begin to fail between the two.
    world.changeWeather(withChance: 0.2)
    let trial: ReplacementRule.Trial
    do throws(StoreFailure) {
      let stored = try put(snapshot, \.first)
      policy.noteStored()
      return stored
    } catch {
      trial = .failed(error.code)
    }
    let verdict = ReplacementRule.decide(successor: successor?.content, readable: old.content, trial: trial)
    guard verdict == .isMoved else { throw failure }
    world.replacements += 1
    world.first.quarantine.append(old)
    world.first.database = successor ?? OutageDatabase(number: world.nextNumber())
    policy.noteReplaced()
    let stored = try put(snapshot, \.first)
    policy.noteStored()
    return stored
  }

  private func failOver(_ snapshot: PersistenceSnapshot) throws(StoreFailure) -> StoredGeneration {
    world.second.raised = max(world.first.mark.generation, world.first.raised)
    let stored = try put(snapshot, \.second)
    policy.noteFailedOver()
    world.failovers += 1
    noteElsewhere()
    return stored
  }

  private func goBack(_ snapshot: PersistenceSnapshot) throws(StoreFailure) -> StoredGeneration {
    world.first.raised = max(world.first.raised, world.second.mark.generation)
    do throws(StoreFailure) {
      let stored = try put(snapshot, \.first)
      policy.noteStored()
      return stored
    } catch {
      policy.noteProbeFailed()
      throw error
    }
  }

  /// The write to the first folder may fail.
  private func noteElsewhere() {
    if case .disk = world.first.fault { return }
    world.first.recorded = world.second.database.newestSequence
  }
}
