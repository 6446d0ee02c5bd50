/// Counts of events in worlds: a simulation in which no store ever fails proves nothing.
struct RunFigures {
  var lives = 0
  var steps = 0
  var accepted = 0
  var refused = 0
  var silent = 0
  var stores = 0
  var failedStores = 0
  var unknownCommits = 0
  var waiters = 0
  var jobs = 0
  var shutdowns = 0
  var kills = 0
  var powerLosses = 0
  var frozenStores = 0
  var fallbacks = 0
  var crashLoops = 0
  var acknowledged = 0
  var pruned = 0
  var outages = 0
  var freshDatabases = 0
  var replacements = 0
  var failovers = 0

  mutating func add(_ other: RunFigures) {
    lives += other.lives
    steps += other.steps
    accepted += other.accepted
    refused += other.refused
    silent += other.silent
    stores += other.stores
    failedStores += other.failedStores
    unknownCommits += other.unknownCommits
    waiters += other.waiters
    jobs += other.jobs
    shutdowns += other.shutdowns
    kills += other.kills
    powerLosses += other.powerLosses
    frozenStores += other.frozenStores
    fallbacks += other.fallbacks
    crashLoops += other.crashLoops
    acknowledged += other.acknowledged
    pruned += other.pruned
    outages += other.outages
    freshDatabases += other.freshDatabases
    replacements += other.replacements
    failovers += other.failovers
  }

  var description: String {
    """
    lives \(lives) (kill -9 \(kills), power loss \(powerLosses), shutdown \(shutdowns)), \
    from fallback states \(fallbacks) (\(crashLoops) after crash loops), losses acknowledged \(acknowledged)
    worker steps \(steps), mutations: durable \(accepted), not durable \(silent), refused \(refused)
    stores: OK \(stores) (\(frozenStores) while frozen), failed \(failedStores), of unknown outcome \(unknownCommits); \
    generations pruned \(pruned)
    waiters \(waiters), maintenance jobs \(jobs)
    outages \(outages), fresh databases tried \(freshDatabases) and used \(replacements), failovers \(failovers)
    """
  }
}
