import Documents
import GenerationStore
import StudioState

/// Whether the host's guard against crash loops would act at the next start: the same decision as that start's, with the
/// limit of the host that ran last. Pure.
struct CrashLoopOutlook {
  /// The host's default for `--crash-loop-limit`, for folders in which no host has left its own.
  static let usualLimit = 3

  /// In a row, before the start that goes on.
  let crashes: Int
  let limit: Int
  let isLimitKnown: Bool
  private let plan: CrashLoopGuard.Plan

  /// - Parameters:
  ///   - runs: that have ended, newest first.
  ///   - generations: newest first.
  ///   - starts: as counted in the data folder; nil when nothing is.
  ///   - boot: of now.
  ///   - isRunning: a host runs, and its start is counted in `starts` until it has lasted for the proving time.
  init(
    _ runs: [HostRun], _ generations: [GenerationSummary], starts: StartTally?, boot: String?, isRunning: Bool = false
  ) {
    var ended = starts
    if isRunning, let starts { ended?.starts = max(0, starts.starts - 1) }
    crashes = CrashLoopGuard.crashesInARow(runs, starts: ended, boot: boot)
    limit = starts?.limit ?? Self.usualLimit
    isLimitKnown = starts?.limit != nil
    plan = CrashLoopGuard.plan(runs: runs, generations: generations, starts: ended, boot: boot, limit: limit)
  }

  /// The generation that the next start would load instead of the newest one.
  var wouldLoad: Int64? { plan.generation }

  private var wouldSwitchOffLayers: Bool {
    if case .harmless = plan { true } else { false }
  }

  var json: JSONValue {
    [
      "limit": .int(Int64(limit)), "limitKnown": .bool(isLimitKnown), "crashes": .int(Int64(crashes)),
      "wouldLoad": wouldLoad.map { .int($0) } ?? .null, "wouldSwitchOffLayers": .bool(wouldSwitchOffLayers),
    ]
  }

  var words: String {
    let count = "\(crashes) crashes in a row"
    let guess = isLimitKnown ? "" : " (no host has noted its limit; \(limit) is the default)"
    let off = wouldSwitchOffLayers ? ", all layers switched off" : ""
    if let wouldLoad { return "\(count): the next start loads generation \(wouldLoad)\(off)\(guess)" }
    if limit == 0 { return "\(count); the guard is turned off" }
    return "\(count); the guard acts after \(limit) on a generation that is not proven\(guess)"
  }
}
