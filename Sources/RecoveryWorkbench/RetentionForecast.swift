import Documents
import GenerationStore
import StudioState

/// The reason why each generation is kept or pruned: the store's own policy, with the settings in the database.
/// Pure.
struct RetentionForecast {
  private struct Verdict {
    var isKept: Bool
    var reason: String
  }

  private let facts: DatabaseFacts
  private var verdicts: [Int64: Verdict] = [:]
  /// The generations that the next store prunes, when there is one more; ascending.
  private(set) var nextStorePrunes: [Int64] = []

  /// - Parameter generations: in any order.
  init(_ generations: [GenerationSummary], _ facts: DatabaseFacts) {
    self.facts = facts
    let frozenThrough = facts.frozenThrough ?? Int64.min
    for generation in generations where generation.generation <= frozenThrough {
      verdicts[generation.generation] = Verdict(isKept: true, reason: "frozen")
    }
    // Those stored since a freeze are a ring of their own, as the store has it (PruningPolicy).
    let judged = generations.filter { $0.generation > frozenThrough }.sorted { $0.generation < $1.generation }
      .map {
        RetentionPolicy.Facts(
          generation: $0.generation, storedAtUnixMs: $0.storedAtUnixMs, isPinned: $0.pin != nil,
          isProven: $0.isProven)
      }
    for verdict in facts.retention.verdicts(on: judged) {
      verdicts[verdict.generation] = Verdict(
        isKept: verdict.reason != nil, reason: verdict.reason?.rawValue ?? verdict.loss?.rawValue ?? "")
    }
    guard let newest = judged.last else { return }
    let next = RetentionPolicy.Facts(generation: newest.generation + 1, storedAtUnixMs: newest.storedAtUnixMs)
    nextStorePrunes = facts.retention.verdicts(on: judged + [next]).filter { $0.reason == nil }.map(\.generation)
  }

  func words(for generation: Int64) -> String {
    guard let verdict = verdicts[generation] else { return "" }
    return verdict.isKept ? "keep: \(verdict.reason)" : "prune: \(verdict.reason)"
  }

  /// As in the list, with the member `retention`.
  func json(for generation: GenerationSummary) -> JSONValue {
    let verdict = verdicts[generation.generation]
    let retention: JSONValue = [
      "keep": .bool(verdict?.isKept ?? true), "reason": .string(verdict?.reason ?? ""),
    ]
    return .object((generation.json.objectValue ?? []) + [.init("retention", retention)])
  }

  var policyJSON: JSONValue {
    let policy = facts.retention
    return [
      "newest": .int(Int64(policy.newest)), "hourly": .int(Int64(policy.hourly)), "daily": .int(Int64(policy.daily)),
      "frozenThrough": facts.frozenThrough.map { .int($0) } ?? .null,
    ]
  }

  var lines: [String] {
    let policy = facts.retention
    var lines = [
      "kept: the newest \(policy.newest), then one an hour for \(policy.hourly) hours and one a day for \(policy.daily) "
        + "days; pins and the newest proven one"
    ]
    if let frozen = facts.frozenThrough {
      lines.append("frozen: generations up to \(frozen) stay until one that is stored later is proven")
    }
    lines.append(
      nextStorePrunes.isEmpty
        ? "the next store prunes none"
        : "the next store prunes \(nextStorePrunes.map { "\($0)" }.joined(separator: ", "))")
    return lines
  }
}
