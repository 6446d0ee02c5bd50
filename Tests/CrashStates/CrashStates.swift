import ArgumentParser
import GenerationStore
import SQLiteConnection
import TestVFS

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The disk images that a crash at any moment may leave, opened by the real recovery: docs/crash-states.md.
extension WorkloadKind: ExpressibleByArgument {}

@main
struct CrashStates: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "afterimage-crash-states",
    abstract: "Opens what crashes at every moment may leave on the disk, and checks that nothing acknowledged is gone.")

  enum Control: String, ExpressibleByArgument, CaseIterable {
    /// Commits are not synced.
    case normal
    /// Syncs report success and do nothing.
    case lyingDisk = "lying-disk"
    /// A log that a start finds is written over itself instead of copied.
    case overwrittenLog = "overwritten-log"
  }

  @Option(help: "States to look at, at least.") var states = 5000
  @Option(help: "Of the first workload; the next ones count on.") var seed: UInt64 = 1
  @Option(help: "Only workloads of this kind; all kinds in turn without it.") var workload: WorkloadKind?
  @Option(help: "A setting that must lose something: exits with 1 when nothing is found.") var control: Control?
  @Option(help: "One state again: SEED:MOMENT:VARIANT, as it was printed.") var replay: String?
  @Option(help: "With --replay: where the image's files are put.") var keep: String?

  func validate() throws {
    guard (1...10_000_000).contains(states) else { throw ValidationError("--states is from 1 to 10000000.") }
    if let replay, point(replay) == nil { throw ValidationError("--replay needs SEED:MOMENT:VARIANT, not \(replay).") }
  }

  func run() throws {
    let survey = try CrashSurvey(
      durability: control == .normal ? .normal : .full, syncsNothing: control == .lyingDisk,
      renewal: control == .overwrittenLog ? .overwritten : .renamed, only: workload)
    if let point = replay.flatMap(point) {
      let (events, findings) = try survey.replay(
        seed: point.seed, moment: point.moment, variant: point.variant, keep: keep)
      for line in events + findings { print(line) }
      if findings.isEmpty { print("the state is sound") }
      throw findings.isEmpty ? ExitCode.success : ExitCode.failure
    }
    let tally = try survey.run(states: states, firstSeed: seed) { tally in
      print("\(tally.states) states so far, \(tally.findingCount) findings")
      // Also through a pipe.
      fflush(nil)
    }
    let name = control.map { "control \($0.rawValue)" } ?? "crash states"
    print(
      "\(name): \(tally.states) states, \(tally.images) distinct images, \(tally.findingCount) findings,",
      "\(tally.lossCount) of them lost an acknowledged generation")
    guard control != nil else {
      for finding in tally.findings { print("  \(finding)") }
      throw tally.findingCount == 0 ? ExitCode.success : ExitCode.failure
    }
    if tally.lossCount == 0 { print("\(name): nothing was lost, so that the check can't see a loss") }
    throw tally.lossCount > 0 ? ExitCode.success : ExitCode.failure
  }

  private func point(_ text: String) -> (seed: UInt64, moment: Int, variant: Int)? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let seed = UInt64(parts[0]), let moment = Int(parts[1]), moment >= 0,
      let variant = Int(parts[2]), (0..<CrashVariant.count).contains(variant)
    else { return nil }
    return (seed, moment, variant)
  }
}
