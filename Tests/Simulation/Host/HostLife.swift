import BuiltInPackages
import Concurrency
import LiveRuntime
import PersistenceMessages
import PersistencePipeline
import RenderSnapshots
import StudioState

/// One life of the host, from a start to its end: the real coordinator, writer and worker, wired as the host wires them,
/// and the ledger that they are compared with.
///
/// `@unchecked Sendable`: a world and everything in it is used by one thread.
final class HostLife: @unchecked Sendable {
  let number: Int
  unowned let world: World
  let loadedGeneration: Int64?
  let coordinator: RuntimeCoordinator
  let writer: PersistenceWriter<SimulatedStore>
  let sleepers: Sleepers
  private let worker: PersistenceWorker<SimulatedStore>
  private let opening: Disk.Opening

  /// What this start found recorded, or recorded itself; what health shows of it.
  var loss: LossRecord?
  var ledger: Ledger
  var watch = StoreWatch()
  var waiting = WaitCounts()
  var rendered: RenderSnapshotReader
  var lastRendered: UInt64 = 0
  /// Requests made by the mutations that are being performed now, innermost last: threads that stand still lie below.
  var performing: [Int] = []

  /// How the life ended; nil while it lasts.
  private(set) var ending: HostEnding?
  /// Highest sequence that anybody was told is stored.
  var acknowledged: UInt64 = 0
  var isStopping = false
  var isWorkerEnded = false

  // The worker's thread.
  private(set) var isInStep = false
  /// Whether the worker should run and does not get a core.
  private var isLate = false
  private var stepDepth = 0
  private var dueAt: Duration
  private var stepBegan: Duration = .zero
  private var lookedAt: Duration
  private var lookedBefore: Duration
  private var agains = 0
  /// Time that the world has taken from the worker.
  private var taken: Duration = .zero

  init(number: Int, world: World, opening: Disk.Opening) {
    self.number = number
    self.world = world
    self.opening = opening
    loadedGeneration = opening.show?.generation
    loss = LossRecord.after(start: nil, recorded: world.disk.loss, rungs: Disk.rungs)
    let sleepers = Sleepers { [unowned world] delay, wake in world.schedule(in: delay, life: number, wake) }
    let start = PersistenceWriter<SimulatedStore>.Start(sequence: opening.sequence, generation: loadedGeneration)
    let snapshots = LatestValueMailbox<PersistenceSnapshot>()
    let seams = HostSeams(world: world)
    writer = PersistenceWriter(
      start: start, clock: { seams.now() }, sleep: { await sleepers.sleep($0) },
      observe: { observation, _ in seams.observe(observation) })
    worker = writer.makeWorker(
      policy: world.scenario.policy, start: start, store: SimulatedStore(world: world, life: number),
      snapshots: snapshots, random: world.random.fork())
    let publisher = RenderSnapshotPublisher(readers: 1)
    rendered = publisher.reader(0)
    coordinator = RuntimeCoordinator(
      state: opening.show?.state ?? StudioState(packages: BuiltInPackages.catalog), sequence: opening.sequence,
      snapshots: snapshots, publisher: publisher, events: RuntimeEventBus(),
      requestPersistence: { seams.request($0) })
    self.sleepers = sleepers
    ledger = Ledger(base: opening.sequence)
    dueAt = world.now
    lookedAt = world.now
    lookedBefore = world.now
    world.count { $0.lives += 1 }
  }

  var isOver: Bool { ending != nil }
  /// Whether the code that runs now does so on the worker's thread.
  var isOnWorkersThread: Bool { isInStep && world.depth == stepDepth }

  var mark: Mark {
    let current = isInStep ? world.now - stepBegan : isLate ? world.now - dueAt : .zero
    return Mark(time: world.now, taken: taken + max(.zero, current))
  }
  /// The latest time that is before every request that the worker has not looked at yet.
  var lookBefore: Duration { isInStep ? lookedBefore : lookedAt }

  /// Time since a mark, without what the world took.
  func elapsed(since earlier: Mark) -> Duration {
    let mark = mark
    return (mark.time - earlier.time) - (mark.taken - earlier.taken)
  }

  /// What the host does first, and what it is going to do.
  func begin() {
    let state = coordinator.view().durable
    world.checkGuard(opening)
    if let show = opening.show, !opening.isDarkened {
      world.require(
        world.disk.witnesses[show.generation] === show, .immutableHistory,
        "generation \(show.generation) is not what was stored")
    }
    if opening.show == nil, !opening.isFallback {
      perform(PlannedMutation([.replaceState(BuiltInPackages.demoState, .initial, reason: "demo")], forced: true))
    } else if opening.isFallback {
      world.count { $0.fallbacks += 1 }
      perform(PlannedMutation([.replaceState(state, .recovery, reason: "recovery")], forced: true))
    }
    scheduleSurfaces()
    scheduleUpkeep()
    acknowledgeLater()
    scheduleEnding(isPoisonous: Poison.isIn(state))
  }

  // The worker's thread.

  /// When the worker steps next; nil when it can't: it is in a step (another thread is looking), or has ended.
  var nextStep: Duration? { isOver || isInStep || isLate || isWorkerEnded ? nil : dueAt }

  func step() {
    beLate()
    guard !isOver else { return }
    taken += max(.zero, world.now - dueAt)
    lookedBefore = lookedAt
    (isInStep, stepBegan, lookedAt, stepDepth) = (true, world.now, world.now, world.depth)
    watch.noteStep(lastRequestedAt: ledger.lastRequestedAt?.time)
    waiting.abandonedJobs = 0
    let step = worker.step()
    guard !isOver else { return }
    let mark = mark
    isInStep = false
    taken = mark.taken
    watch.storedAtStepEnd = ledger.stored
    world.count { $0.steps += 1 }
    note(step)
    checkNothingIsOverdue()
  }

  private func note(_ step: PersistenceWorker<SimulatedStore>.Step) {
    switch step {
    case .sleep(let until):
      agains = 0
      dueAt = max(until, world.now)
      world.require(
        until <= stepBegan + PersistenceWorker<SimulatedStore>.pollInterval + (world.now - stepBegan), .bounded,
        "the worker sleeps until \(until.inSeconds), longer than it polls")
    case .again:
      agains += 1
      dueAt = world.now
      world.require(agains < 1000, .bounded, "the worker does not come to rest")
    case .ended:
      isWorkerEnded = true
      world.require(isStopping, .bounded, "the worker ended in the middle of the show")
    }
  }

  /// The worker may come late: others go on.
  private func beLate() {
    guard world.canInterrupt, !world.isCalm, world.random.chance(world.scenario.lateness) else { return }
    isLate = true
    world.pass(world.random.scattered(.milliseconds(1), .seconds(3)))
    isLate = false
  }

  /// Somebody may have woken the worker.
  func noticeWake() {
    // A wake that comes during a step is found when the worker is about to sleep.
    if !isInStep, !isLate, writer.takeWake() { dueAt = min(dueAt, world.now) }
  }

  func noteStandstill(_ duration: Duration) {
    if !isInStep, !isLate { taken += duration }
  }

  // The end.

  func end(_ ending: HostEnding) {
    guard self.ending == nil else { return }
    self.ending = ending
    world.note(5, "END of life \(number): \(ending.rawValue)")
    world.count { figures in
      switch ending {
      case .exited: figures.shutdowns += 1
      case .killed: figures.kills += 1
      case .powerLost: figures.powerLosses += 1
      }
    }
  }

  /// Ends what waits in the memory of a process that is gone. Whoever waits still is a waiter without an answer.
  func bury() {
    sleepers.end()
    world.executor.runUntilQuiet()
    world.require(
      waiting.open == 0, .bounded, "\(waiting.open) waiters or jobs never got an answer, although their time was over")
  }
}
