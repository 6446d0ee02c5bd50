import GenerationStore
import PersistencePipeline

/// The parameters of a seed's world, drawn before it begins. Ranges are wide on purpose; each seed uses a few corners
/// of them.
struct Scenario {
  var policy = PersistencePolicy()
  var retention: RetentionPolicy
  var pinLimit: Int
  /// Bytes of documents beyond which generations go early.
  var byteBound: Int64
  var keyframeInterval: Int64
  var provingTime: Duration
  /// Unclean ends in a row after which a start goes back to the newest proven generation.
  var crashLoopLimit = 3
  /// How long surfaces, faults and ends of the host go on.
  var chaos: Duration
  var surfaces: [Surface.Style]
  /// Share of the time in which the disk misbehaves.
  var faultiness: Double
  /// Mean time from one end of the host to the next; nil when it only ends once, cleanly.
  var meanLife: Duration?
  /// Chance that an unclean end leaves damaged generations.
  var damage: Double
  /// Chance that another thread runs on where one could be interrupted.
  var preemption: Double
  /// Chance of a step of the worker to come late.
  var lateness: Double
  /// A control: the disk acknowledges everything and keeps nothing. The simulation must detect it.
  var hasLyingDisk = false

  init(_ random: inout SeededRandom) {
    retention = RetentionPolicy(
      newest: random.within(1...12), hourly: random.below(5), daily: random.below(4))
    pinLimit = random.within(1...4)
    byteBound = random.chance(0.2) ? Int64(random.within(4_000...20_000)) : 1 << 30
    keyframeInterval = Int64(random.within(1...10))
    provingTime = random.between(.milliseconds(500), .seconds(6))
    chaos = random.scattered(.seconds(2), .seconds(60))
    surfaces = []
    faultiness = random.pick([0, 0, 0.1, 0.3, 0.7])
    meanLife = random.chance(0.75) ? random.between(.seconds(1), .seconds(12)) : nil
    damage = random.pick([0, 0, 0.2, 0.5])
    preemption = random.pick([0, 0.02, 0.1])
    lateness = random.pick([0, 0.01, 0.05])
    for _ in 0..<random.within(1...4) { surfaces.append(random.pick(Surface.Style.allCases)) }
    if random.chance(0.3) {
      policy = PersistencePolicy(
        debounce: random.between(.milliseconds(20), .milliseconds(600)),
        maxDelay: random.between(.milliseconds(100), .seconds(4)),
        firstRetry: random.between(.milliseconds(20), .milliseconds(500)),
        longestRetry: random.between(.seconds(1), .seconds(5)), jitter: random.fraction() * 0.5)
    }
  }
}
