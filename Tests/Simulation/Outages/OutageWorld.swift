import Concurrency
import GenerationStore
import PersistenceMessages
import PersistencePipeline
import StudioState

/// Disks that fail for a while, under a host with one or two folders: outages of any length that end by themselves or
/// with the host, at any moment; pins; a second folder that the next start is given, is not given, or can't read. The
/// worker, its planner and its board are the real ones, and so are the decisions of the store (``OutageStore``).
///
/// `@unchecked Sendable`: a world and everything in it is used by one thread.
final class OutageWorld: @unchecked Sendable {
  var first = OutageFolder(database: 1)
  var second = OutageFolder(database: 2)
  var freshDatabases = 0
  var replacements = 0
  var failovers = 0
  private(set) var outages = 0
  private(set) var violation: Violation?
  private(set) var history: History
  private var random: SeededRandom
  private var now: Duration = .seconds(1000)
  private var numbers = 2
  private var nextWeather: Duration = .seconds(1001)
  /// The newest sequence that was reported as stored.
  private var acknowledged: UInt64 = 0
  /// Whether the first folder's disk refused the record of the second folder, which was reported to the operator.
  private var isNoteRefused = false

  init(seed: UInt64, keepsHistory: Bool) {
    random = SeededRandom(seed: seed ^ 0x0D15_C0DE)
    history = History(isKept: keepsHistory)
  }

  func nextNumber() -> Int {
    numbers += 1
    return numbers
  }

  func run() {
    for life in 1...random.within(2...6) where violation == nil { live(life) }
  }

  private func note(_ figure: UInt64, _ text: @autoclosure () -> String) { history.note(at: now, figure, text) }

  private func require(_ condition: Bool, _ invariant: Invariant, _ message: @autoclosure () -> String) {
    if condition || violation != nil { return }
    let found = Violation(invariant: invariant, time: now, message: message())
    violation = found
    note(0xBAD, "VIOLATION \(found.description)")
  }

  // Disks.

  func changeWeather(withChance chance: Double = 1) {
    guard random.chance(chance) else { return }
    let faults: [OutageFolder.InjectedFault] = [
      .none, .none, .disk(.io), .disk(.io), .disk(.full), .database(first.database.number),
    ]
    first.fault = random.pick(faults)
    second.fault = random.chance(0.2) ? .disk(.io) : .none
    if first.fault != .none { outages += 1 }
    nextWeather = now + random.scattered(.milliseconds(100), .seconds(12))
    note(1, "WEATHER \(first.fault), second \(second.fault)")
  }

  /// A copy of the first folder's database; nil, or a part of it, when the disk fails meanwhile.
  func buildSuccessor() -> OutageDatabase? {
    var successor = first.database
    successor.number = nextNumber()
    guard case .disk = first.fault else { return successor }
    guard random.chance(0.3), let oldest = successor.generations.keys.min() else { return nil }
    successor.generations[oldest] = nil
    successor.pins.remove(oldest)
    return successor
  }

  // Lives of the host.

  private func live(_ number: Int) {
    second.isThere = random.chance(0.8)
    let isGivenSecond = second.isThere && random.chance(0.6)
    let loaded = start(isGivenSecond)
    note(2, "START \(number), second folder given \(isGivenSecond), there \(second.isThere), from \(loaded)")
    let store = OutageStore(world: self, hasSecond: isGivenSecond)
    let host = OutageHost(store: store, sequence: loaded.sequence, generation: loaded.generation) { [unowned self] in
      now
    }
    let end = now + random.between(.milliseconds(500), .seconds(60))
    // What was taken from elsewhere is stored at once, as the host does.
    var nextChange = now
    while now < end, violation == nil {
      if now >= nextWeather { changeWeather() }
      if now >= nextChange {
        host.change()
        nextChange = now + random.scattered(.milliseconds(20), .seconds(8))
      }
      if random.chance(0.01) { pin(store) }
      host.step()
      check(host, store)
      now += PersistenceWorker<OutageStore>.pollInterval
    }
    if random.chance(0.5) { try? store.close() }
    now += random.scattered(.milliseconds(100), .seconds(20))
    // The disk may have healed meanwhile, or not.
    changeWeather(withChance: 0.7)
  }

  private func pin(_ store: OutageStore) {
    guard !store.isInSecond, first.failure == nil,
      let generation = first.database.generations.keys.randomElement(using: &random)
    else { return }
    first.database.pins.insert(generation)
    first.pinned.insert(generation)
  }

  private func check(_ host: OutageHost, _ store: OutageStore) {
    for (name, folder) in [("first", first), ("second", second)] {
      require(folder.missing == nil, .goodStays, "\(folder.missing ?? "") in the \(name) folder, because a disk failed")
    }
    let status = host.writer.status()
    acknowledged = max(acknowledged, host.stored)
    guard host.stored > 0, let generation = status.storedGeneration else { return }
    let folder = store.isInSecond ? second : first
    require(
      folder.database.generations[generation] == status.storedSequence, .nothingSilent,
      "health names generation \(generation) for sequence \(status.storedSequence), which the folder in use does not hold"
    )
  }

  // Starts.

  /// - Returns: the state with which the host goes on air.
  private func start(_ isGivenSecond: Bool) -> (sequence: UInt64, generation: Int64?) {
    let wasNoteRefused = isNoteRefused
    if first.database.generations.isEmpty, first.mark.generation > 0, first.failure == nil { takePredecessor() }
    var loaded = (sequence: first.database.newestSequence, generation: first.database.head)
    let known = loaded.generation == nil ? 0 : max(first.mark.sequence, loaded.sequence)
    var places: [ElsewhereRule.Place] = []
    if first.recorded != nil || isGivenSecond {
      let newest = second.database.newestSequence
      let finding: ElsewhereRule.Finding = !second.isThere ? .unreadable : newest > known ? .holds(newest) : .nothing
      places.append(.init(finding, recorded: first.recorded ?? 0))
    }
    let decision = ElsewhereRule.decide(places, known: known)
    if decision.taken != nil { loaded = (second.database.newestSequence, second.database.head) }
    let isTold = !decision.missing.isEmpty || !decision.doubtful.isEmpty || wasNoteRefused
    require(
      loaded.sequence >= acknowledged || isTold, .nothingSilent,
      "sequence \(acknowledged) was called stored, the start goes on from \(loaded.sequence), and nothing is said")
    acknowledged = loaded.sequence
    first.raised = second.isThere ? second.mark.generation : 0
    if isGivenSecond { noteSecond() }
    return (max(first.mark.sequence, loaded.sequence, first.recorded ?? 0), loaded.generation)
  }

  private func noteSecond() {
    isNoteRefused = false
    guard first.recorded == nil else { return }
    if case .disk = first.fault { isNoteRefused = true } else { first.recorded = 0 }
  }

  private func takePredecessor() {
    for database in first.quarantine.reversed() {
      let candidate = PredecessorRule.Candidate(show: "show", newestWhole: database.head)
      guard PredecessorRule.accepts(candidate, show: nil) else { continue }
      first.database.generations = database.generations
      first.database.pins = database.pins
      return
    }
  }
}

/// The real writer and worker on the outage world's clock.
final class OutageHost {
  let writer: PersistenceWriter<OutageStore>
  private let worker: PersistenceWorker<OutageStore>
  private let snapshots = LatestValueMailbox<PersistenceSnapshot>()
  private var sequence: UInt64
  private var requests: UInt64 = 0
  private let base: UInt64

  init(store: OutageStore, sequence: UInt64, generation: Int64?, clock: @escaping @Sendable () -> Duration) {
    self.sequence = sequence
    base = sequence
    let start = WriterStart(sequence: sequence, generation: generation)
    writer = PersistenceWriter(start: start, clock: clock, sleep: { _ in }, observe: { _, _ in })
    worker = writer.makeWorker(
      policy: PersistencePolicy(jitter: 0), start: start, store: store, snapshots: snapshots,
      random: SeededRandom(seed: sequence))
  }

  /// The newest sequence that this host has stored; 0 while it has stored none.
  var stored: UInt64 {
    let stored = writer.status().storedSequence
    return stored > base ? stored : 0
  }

  func change() {
    sequence += 1
    requests += 1
    let request = PersistenceRequest(target: .runtimeState, reason: "change", actor: "simulation", sequence: sequence)
    snapshots.publish(PersistenceSnapshot(state: StudioState(), request: request, requestCount: requests))
    writer.request(request)
  }

  func step() {
    for _ in 0..<100 {
      guard case .again = worker.step() else { return }
    }
  }
}
