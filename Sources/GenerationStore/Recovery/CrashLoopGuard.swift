/// Decides the state with which a start begins after crashes in a row. No I/O.
///
/// A crash is a start that neither ended cleanly nor lasted for the proving time. ``StartTally`` counts crashes; if it
/// is missing, the runs are counted instead (``HostRun/isCrash(underBoot:)``). The end of a run with the machine is not
/// a crash: it is neither counted nor resets the count. With a limit of 3:
///
/// | crashes in a row | the newest generation                   | then                                            |
/// |------------------|-----------------------------------------|-------------------------------------------------|
/// | 0 to 2           | any                                     | `newest`                                        |
/// | 3                | not proven, an older one is             | `proven`: that one; what crashed is suspect     |
/// | 4, 5             | suspect                                 | `proven` again: its copy was not stored yet     |
/// | 4, 5             | not suspect: the copy of the proven one | `newest`                                        |
/// | 3 to 5           | proven                                  | `newest`: there is nothing better               |
/// | 3 or more        | none was ever proven                    | `harmless`                                      |
/// | 6 or more        | any                                     | `harmless`: the proven one loops too            |
public enum CrashLoopGuard {
  public enum Plan: Sendable, Equatable {
    /// Begin with the newest generation.
    case newest
    /// Begin with this generation, and mark the others.
    case proven(Int64, suspects: [Int64])
    /// Begin with what the program makes of this generation, so that it can't end the program; nil for any state that
    /// can be read.
    case harmless(Int64?, suspects: [Int64])

    /// The generation to begin with; nil for the newest one.
    package var generation: Int64? {
      switch self {
      case .newest: nil
      case .proven(let generation, _): generation
      case .harmless(let generation, _): generation
      }
    }

    package var suspects: [Int64] {
      switch self {
      case .newest: []
      case .proven(_, let suspects): suspects
      case .harmless(_, let suspects): suspects
      }
    }

    /// Whether the start begins with something else than the newest state.
    package var isActing: Bool { self != .newest }
  }

  /// - Parameters:
  ///   - runs: newest first, at least `2 * limit` of them if there are so many, without the run that is starting.
  ///   - generations: all retained generations, in any order.
  ///   - starts: the content of ``StartCount``; nil if there is none.
  ///   - boot: the current boot (``BootID``).
  ///   - limit: the number of crashes in a row at which the guard acts; 0 turns it off.
  public static func plan(
    runs: [HostRun], generations: [GenerationSummary], starts: StartTally? = nil, boot: String? = nil, limit: Int
  ) -> Plan {
    let crashes = crashesInARow(runs, starts: starts, boot: boot)
    guard limit > 0, crashes >= limit, let head = generations.max(by: { $0.generation < $1.generation }) else {
      return .newest
    }
    let proven = generations.filter(\.isProven).map(\.generation).max()
    let crashed = runs.filter { !$0.isPowerLoss }.prefix(crashes)
    let suspects = suspects(generations, crashed, head: head.generation, above: proven ?? 0)
    guard crashes < 2 * limit, let proven else { return .harmless(proven ?? head.generation, suspects: suspects) }
    if head.isProven { return .newest }
    return crashes == limit || head.isSuspect ? .proven(proven, suspects: suspects) : .newest
  }

  public static func crashesInARow(_ runs: [HostRun], starts: StartTally? = nil, boot: String? = nil) -> Int {
    starts?.crashes(underBoot: boot)
      ?? runs.prefix { $0.isUnproven }.count { $0.isCrash(underBoot: boot) }
  }

  /// The generations that the crashed runs began with, and the one that the next run would begin with; ascending.
  private static func suspects(
    _ generations: [GenerationSummary], _ crashed: ArraySlice<HostRun>, head: Int64, above proven: Int64
  ) -> [Int64] {
    let tried = Set(crashed.compactMap(\.generation) + [head])
    return generations.map(\.generation).filter { $0 > proven && tried.contains($0) }.sorted()
  }
}
