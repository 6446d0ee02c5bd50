import GenerationStore
import PersistenceMessages

/// One seed's world: a clock, an agenda of events, a disk, and a host that runs on it, ends and is started again. One
/// thread; time advances only here.
///
/// `@unchecked Sendable`: a world and everything in it is used by one thread.
final class World: @unchecked Sendable {
  let scenario: Scenario
  let executor: SimulatedExecutor
  let disk: Disk
  let faults: Faults
  var random: SeededRandom
  private(set) var history: History
  private(set) var agenda = Agenda()
  /// Monotonic time. It begins where no sum of a policy's times can reach below zero.
  private(set) var now: Duration = .seconds(1000)
  /// Milliseconds by which the wall clock differs from the monotonic one; it may jump.
  var wallOffsetMs: Int64 = 1_700_000_000_000
  private(set) var violation: Violation?
  private(set) var life: HostLife?
  private(set) var figures = RunFigures()
  /// The number of nested interrupted threads.
  private(set) var depth = 0
  /// Set for the end: no faults, no delays, no new requests.
  private(set) var isCalm = false
  private var lives = 0
  private var standstills: [(time: Duration, duration: Duration)] = []
  private var events = 0

  /// Events after which a world that has not ended is one that spins. The longest seeds take 30,000.
  private static let maximumEvents = 2_000_000
  /// Most nested interrupted threads.
  private static let maximumDepth = 3

  init(seed: UInt64, keepsHistory: Bool, adjust: (inout Scenario) -> Void = { _ in }) {
    random = SeededRandom(seed: seed)
    var scenario = Scenario(&random)
    adjust(&scenario)
    self.scenario = scenario
    history = History(isKept: keepsHistory)
    executor = SimulatedExecutor(random: random.fork())
    faults = Faults(random: random.fork(), faultiness: scenario.faultiness)
    disk = Disk(scenario: scenario, random: random.fork())
  }

  var isOver: Bool { violation != nil }
  var wallUnixMs: Int64 { Int64(now / .milliseconds(1)) + wallOffsetMs }
  var canInterrupt: Bool { depth < Self.maximumDepth && !isOver }

  // Recording the history.

  func note(_ figure: UInt64, _ text: @autoclosure () -> String) {
    history.note(at: now, figure, text)
  }

  func count(_ change: (inout RunFigures) -> Void) {
    change(&figures)
  }

  /// The first broken invariant ends the world.
  func require(_ condition: Bool, _ invariant: Invariant, _ message: @autoclosure () -> String) {
    if !condition, violation == nil {
      let found = Violation(invariant: invariant, time: now, message: message())
      violation = found
      note(0xBAD, "VIOLATION \(found.description)")
    }
  }

  // Time.

  /// - Parameter life: see ``Agenda/Entry/life``.
  func schedule(in delay: Duration, life: Int?, _ action: @escaping () -> Void) {
    agenda.add(at: now + delay, life: life, action)
  }

  /// Lets time pass while the calling thread is blocked in a call to the disk, or is not scheduled: all other threads
  /// run. Returns early if the host ends.
  func pass(_ duration: Duration) {
    let caller = life
    let end = now + duration
    caller?.noticeWake()
    depth += 1
    while !isOver, caller?.isOver != true, runNext(until: end) {}
    depth -= 1
    if caller?.isOver != true { now = max(now, end) }
  }

  /// The whole machine stands still.
  func sleepMachine(_ duration: Duration) {
    standstills.append((now, duration))
    now += duration
    life?.noteStandstill(duration)
  }

  /// How long the machine stood still since then.
  func standstill(since time: Duration) -> Duration {
    standstills.reduce(.zero) { $1.time >= time ? $0 + $1.duration : $0 }
  }

  /// Runs the world until this life is over.
  func advance(untilEndOf life: HostLife) {
    while !isOver, !life.isOver, runNext(until: now + .seconds(10)) {}
  }

  /// Runs the world until `end`, starting the host again whenever it has ended.
  func advance(until end: Duration) {
    while !isOver, now < end {
      if let life, life.isOver {
        startAgain(after: life)
      } else if !runNext(until: end) {
        now = end
      }
    }
  }

  private func runNext(until end: Duration) -> Bool {
    let step = life?.nextStep
    let next = agenda.nextTime
    if let step, step <= end, step <= next ?? step {
      now = max(now, step)
      life?.step()
    } else if let next, next <= end, let entry = agenda.take() {
      guard entry.life == nil || (entry.life == life?.number && life?.isOver == false) else { return true }
      now = max(now, next)
      entry.action()
    } else {
      return false
    }
    events += 1
    require(events < Self.maximumEvents, .bounded, "the world does not come to rest")
    becomeQuiet()
    return true
  }

  /// Runs all asynchronous code that is ready, and checks the invariants.
  func becomeQuiet() {
    executor.runUntilQuiet()
    guard let life, !life.isOver, !isOver else { return }
    life.noticeWake()
    life.checkStatus()
    life.checkLoss()
  }

  /// Ends all faults.
  func calm() {
    isCalm = true
    faults.end(at: now)
  }

  // Lives of the host.

  func start() {
    lives += 1
    let opening = disk.open()
    note(UInt64(lives), "START \(lives): \(opening.description)")
    let life = HostLife(number: lives, world: self, opening: opening)
    self.life = life
    life.begin()
    becomeQuiet()
  }

  private func startAgain(after ended: HostLife) {
    ended.bury()
    guard !isOver else { return }
    disk.end(ended.ending ?? .killed, wasLoaded: ended.loadedGeneration)
    now += random.scattered(.milliseconds(100), .seconds(20))
    checkWhatIsLeft(of: ended)
    start()
  }

  /// Everything that was reported as stored is on the disk after any end (I5).
  private func checkWhatIsLeft(of ended: HostLife) {
    let left = disk.visible.head?.sequence ?? 0
    require(
      left >= ended.acknowledged || ended.acknowledged == 0, .nothingSilent,
      "sequence \(ended.acknowledged) was reported as stored, and the newest on disk is \(left)")
  }
}
