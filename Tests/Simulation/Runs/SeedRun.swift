import LiveRuntime
import PersistencePipeline

/// One seed, from an empty disk to the final check of its content.
struct SeedRun {
  struct Result {
    var seed: UInt64
    var violation: Violation?
    var digest: UInt64
    var figures: RunFigures
    /// Empty unless requested.
    var history: [String]
  }

  /// Runs the seed to its end, or to the first broken invariant.
  static func run(_ seed: UInt64, keepsHistory: Bool, hasLyingDisk: Bool) -> Result {
    let world = World(seed: seed, keepsHistory: keepsHistory) { $0.hasLyingDisk = hasLyingDisk }
    world.start()
    world.scheduleWeather()
    world.scheduleClocks()
    world.advance(until: world.now + world.scenario.chaos)
    world.calm()
    world.checkEverythingIsStored()
    world.checkTheLastEnd()
    let outages = OutageWorld(seed: seed, keepsHistory: keepsHistory)
    if world.violation == nil { outages.run() }
    var figures = world.figures
    figures.outages = outages.outages
    figures.freshDatabases = outages.freshDatabases
    figures.replacements = outages.replacements
    figures.failovers = outages.failovers
    return Result(
      seed: seed, violation: world.violation ?? outages.violation,
      digest: world.history.digest &+ outages.history.digest, figures: figures,
      history: world.history.lines + outages.history.lines)
  }
}

extension World {
  fileprivate func scheduleWeather() {
    let holds = faults.change(at: now)
    schedule(in: holds, life: nil) { [self] in
      note(10, "WEATHER \(faults.weather)")
      scheduleWeather()
    }
  }

  /// Sleeping machines and wall clocks that jump.
  fileprivate func scheduleClocks() {
    schedule(in: random.between(.seconds(1), .seconds(30)), life: nil) { [self] in
      guard !isCalm else { return }
      if random.chance(0.3) {
        let duration = random.scattered(.seconds(1), .seconds(3600))
        note(11, "the machine sleeps for \(duration.inSeconds) s")
        sleepMachine(duration)
      } else {
        wallOffsetMs += Int64(random.within(-4 * 3_600_000...8 * 3_600_000))
        note(12, "the wall clock jumps")
      }
      scheduleClocks()
    }
  }

  /// When all faults have ended, everything accepted is stored within the longest wait there is.
  fileprivate func checkEverythingIsStored() {
    // A host that is being shut down, or that gave up storing, is started again first.
    if life?.isStopping == true { advance(until: now + .seconds(5)) }
    if life?.watch.isHalted == true { life?.end(.killed) }
    advance(until: now + .microseconds(1))
    let policy = scenario.policy
    advance(
      until: now + policy.longestRetry + policy.debounce + HostSeams.longestStandstill + .milliseconds(100))
    guard let life, !isOver else { return }
    require(
      life.ledger.stored >= life.ledger.newest, .liveness,
      "all faults have ended, and \(life.ledger.newest - life.ledger.stored) mutations are still unsaved")
    require(
      disk.durable.head?.sequence == life.ledger.newest || life.ledger.newest == life.ledger.base, .liveness,
      "the newest sequence is \(life.ledger.newest), and the disk has \(disk.durable.head?.sequence ?? 0)")
  }

  /// After a clean end and a power loss the next start restores the last state.
  fileprivate func checkTheLastEnd() {
    guard let life, !isOver else { return }
    let shown = life.coordinator.view().durable
    life.shutDown(within: .seconds(3))
    becomeQuiet()
    advance(untilEndOf: life)
    guard !isOver else { return }
    life.bury()
    disk.end(.powerLost, wasLoaded: nil)
    require(
      disk.visible.head?.state == shown || life.ledger.newest == life.ledger.base, .nothingSilent,
      "after a clean end the disk does not hold what was shown")
  }
}
