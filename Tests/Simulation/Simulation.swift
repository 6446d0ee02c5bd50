#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs the real planner, worker, writer and coordinator in simulated worlds; see docs/simulation.md.
@main
struct Simulation {
  static func main() {
    fixHashing()
    guard let options = SimulationOptions(Array(CommandLine.arguments.dropFirst())) else {
      print(SimulationOptions.usage)
      exit(64)
    }
    TrapReport.install()
    if let seed = options.seed {
      exit(replay(seed, options) ? 0 : 1)
    }
    exit(runMany(options) ? 0 : 1)
  }

  /// Sets and dictionaries are iterated in an order that differs from process to process, unless this is set before the
  /// process starts. A seed is a history only with it.
  private static func fixHashing() {
    guard getenv("SWIFT_DETERMINISTIC_HASHING") == nil else { return }
    setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", &arguments)
    print("simulation: set SWIFT_DETERMINISTIC_HASHING=1, or replays may differ")
  }

  /// Whether nothing was violated.
  private static func replay(_ seed: UInt64, _ options: SimulationOptions) -> Bool {
    TrapReport.note(seed, thread: 0)
    let result = SeedRun.run(seed, keepsHistory: true, hasLyingDisk: options.hasLyingDisk)
    let again = SeedRun.run(seed, keepsHistory: false, hasLyingDisk: options.hasLyingDisk)
    let lines = options.isVerbose ? result.history : result.history.suffix(result.violation == nil ? 0 : 30)
    for line in lines { print(line) }
    print(result.figures.description)
    print("seed \(seed): digest \(String(result.digest, radix: 16))")
    guard again.digest == result.digest else {
      print("VIOLATION replay: a second run of the seed had the digest \(String(again.digest, radix: 16))")
      return false
    }
    if let violation = result.violation { print("VIOLATION \(violation.description)") }
    return result.violation == nil
  }

  /// Whether nothing was violated.
  private static func runMany(_ options: SimulationOptions) -> Bool {
    let start = ContinuousClock.now
    let total = SeedRunner(options).run()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    print(total.figures.description)
    print(
      "simulate: \(total.seeds) seeds from \(options.first) in \(seconds.rounded()) s, "
        + "digest \(String(total.digest, radix: 16))")
    guard let failed = total.failed, let violation = failed.violation else {
      print("simulate: no invariant was violated")
      return true
    }
    print("seed \(failed.seed): VIOLATION \(violation.description)")
    print("replay: tools/simulate --seed \(failed.seed) --verbose")
    return false
  }
}
