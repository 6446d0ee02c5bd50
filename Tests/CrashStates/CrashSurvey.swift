import DurableFiles
import GenerationStore
import SQLiteConnection
import TestVFS

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One workload after the other, until enough states were looked at.
struct CrashSurvey {
  private let durability: Durability
  private let syncsNothing: Bool
  private let recordingFolder: ImageFolder
  private let folders: [ImageFolder]
  private let known = KnownImages()
  private let renewal: DiskRecorder.Replacement
  private let only: WorkloadKind?

  init(
    durability: Durability, syncsNothing: Bool, renewal: DiskRecorder.Replacement, only: WorkloadKind?
  ) throws {
    self.renewal = renewal
    self.only = only
    self.durability = durability
    self.syncsNothing = syncsNothing
    recordingFolder = try ImageFolder()
    folders = try (0..<max(1, min(8, sysconf(Int32(_SC_NPROCESSORS_ONLN))))).map { _ in try ImageFolder() }
  }

  /// The controls are about syncs that end; workloads in which some fail would only blur them.
  private func kind(of seed: UInt64) -> WorkloadKind {
    if let only { return only }
    if syncsNothing || durability == .normal { return .plain }
    if renewal == .overwritten { return .crashes }
    return WorkloadKind.allCases[Int(seed % UInt64(WorkloadKind.allCases.count))]
  }

  private func round(seed: UInt64) throws -> CrashRound {
    let workload = Workload(kind(of: seed), seed: seed, in: recordingFolder, durability, renewal)
    return CrashRound(
      recording: try workload.record(), syncsNothing: syncsNothing, known: known, folders: folders)
  }

  /// - Parameter report: called with the progress about every 10,000 states.
  func run(states: Int, firstSeed: UInt64, report: (Tally) -> Void) throws -> Tally {
    var tally = Tally()
    var seed = firstSeed
    var nextReport = 10_000
    while tally.states < states {
      if tally.states >= nextReport {
        report(tally)
        nextReport = tally.states + 10_000
      }
      do {
        tally.add(try round(seed: seed).run())
      } catch {
        tally.findingCount += 1
        tally.findings.append("workload \(seed) (\(kind(of: seed))): \(error)")
        if tally.findingCount > 100 { break }
      }
      seed &+= 1
    }
    return tally
  }

  /// - Parameter keep: a folder that the image's files are put into.
  /// - Returns: the last events before the crash, a line each, and what was found.
  func replay(
    seed: UInt64, moment: Int, variant: Int, keep: String?
  ) throws -> (events: [String], findings: [String]) {
    let round = try round(seed: seed)
    let (image, tally) = round.replay(moment: moment, variant: variant)
    let events = round.recording.events.prefix(moment).enumerated().suffix(60).map { "\($0.offset + 1): \($0.element)" }
    if let keep {
      try DataFolder.createFolder(keep)
      for (name, bytes) in image { try DurableFile.replace("\(keep)/\(name)", with: bytes) }
    }
    return (events, tally.findings)
  }
}
