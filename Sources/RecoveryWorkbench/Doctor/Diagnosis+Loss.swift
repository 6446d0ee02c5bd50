import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import StudioState

// Losses: those that a start recorded, and generations that are still in quarantine.
extension Diagnosis {
  mutating func lookAtLoss() {
    let open = facts.loss.flatMap { $0.isOpen ? $0 : nil }
    note("loss", open?.json ?? .null, "loss", open.map { "since \($0.at): \($0.rung)" } ?? "none, or acknowledged")
    guard let open else { return }
    add(open.lost.map { "lost: \($0)" }.map(TextTable.printable))
    advise(
      .damage, "a start could not bring back everything (\(open.rung), \(open.at))",
      why: (open.lost + open.files.map { "Look in \($0)" }).joined(separator: ". ")
        + ". When it is settled: \(tool) acknowledge",
      command: open.command)
  }

  /// A database in quarantine with generations that the ring should have.
  mutating func lookForLostGenerations() {
    let ring = content?.generations.map(\.generation) ?? []
    let capacity = content?.facts.retention.newest ?? 0
    for incident in facts.incidents where incident.mayHoldOurs {
      let lacking = LackingGenerations.of(incident.generations, ring: ring, capacity: capacity)
      guard let first = lacking.first, let last = lacking.last else { continue }
      let words = lacking.count == 1 ? "generation \(first)" : "\(lacking.count) generations (\(first) to \(last))"
      let path = DataFolderLayout(facts.folder).incident(incident.name).database
      advise(
        incident.isAcknowledged(by: facts.loss) ? .hint : .damage,
        "\(words) in quarantine/\(incident.name) are not in the ring",
        why: "\(path) holds them whole. Nothing there is ever deleted.",
        command: "afterimage salvage \(quoted(path)) --to NEW_FOLDER")
    }
  }
}

/// Which generations of another database the ring should hold and does not. Pure.
enum LackingGenerations {
  /// What is older than a full ring was pruned and is not lost.
  ///
  /// - Parameter capacity: newest generations that the ring keeps in any case.
  static func of(_ found: [Int64], ring: [Int64], capacity: Int) -> [Int64] {
    let kept = Set(ring)
    let oldestDue = ring.count >= capacity ? ring.sorted().suffix(capacity).first ?? 0 : 0
    return found.filter { $0 >= oldestDue && !kept.contains($0) }.sorted()
  }
}

extension DoctorFacts.Incident {
  /// Copies, databases of other shows, and what was put aside on purpose are no loss.
  var mayHoldOurs: Bool {
    hasDatabase && !["before-", "another-", "restor"].contains { reason.hasPrefix($0) }
  }

  /// Whether the loss that belongs to it was acknowledged: names begin with the time in UTC.
  func isAcknowledged(by loss: LossRecord?) -> Bool {
    guard let acknowledged = loss?.acknowledgedAt else { return false }
    let digits = acknowledged.prefix { $0 != "." }.filter(\.isNumber)
    return name.prefix { $0 != "-" }.filter(\.isNumber) <= digits
  }
}
