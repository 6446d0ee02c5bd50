import GenerationStore

/// Decides whether a start begins with the newest proven generation instead of the newest one: when the last runs all
/// ended unclean and none of them proved what it ran on. A decision, no I/O.
enum CrashLoopGuard {
  /// - Parameters:
  ///   - runs: newest first; a run that is still marked as running ended without a word.
  ///   - limit: unclean ends that are too many; 0 turns the guard off.
  /// - Returns: the generation to begin with; nil for the newest one.
  static func generationToLoad(runs: [HostRun], generations: [GenerationSummary], limit: Int) -> Int64? {
    guard limit > 0, runs.count >= limit else { return nil }
    let recent = runs.prefix(limit)
    guard recent.allSatisfy({ $0.ending == .unclean || $0.ending == .running }) else { return nil }
    guard let head = generations.first(where: \.isCurrent), !head.isProven,
      let proven = generations.first(where: \.isProven)
    else { return nil }
    // A run that began with the proven generation itself and ended unclean is no reason to go back to it again.
    guard recent.allSatisfy({ ($0.generation ?? 0) > proven.generation }) else { return nil }
    return proven.generation
  }
}
