/// What a start makes of the folders in which newer state may lie than in its own: the second folder it is given, and those
/// that earlier runs were given (``Elsewhere``). A decision, no I/O.
///
/// | a folder                                                     | then                                          |
/// |--------------------------------------------------------------|-----------------------------------------------|
/// | holds this show, newer than anything known                   | the newest of these is taken                  |
/// | holds nothing, another show, or nothing newer                | nothing, unless the record knows of newer     |
/// | can't be read, and the record knows of newer state there     | what is missing, and where, is a loss         |
/// | can't be read, and the record only knows that it was in use  | told: newer state may lie there               |
package enum ElsewhereRule {
  package enum Finding: Sendable, Equatable {
    /// The newest sequence of this show there that can be loaded.
    case holds(UInt64)
    case nothing
    case unreadable
  }

  package struct Place: Sendable, Equatable {
    package var finding: Finding
    /// The highest sequence that the record says was stored there; 0 when it knows of none.
    package var recorded: UInt64

    package init(_ finding: Finding, recorded: UInt64 = 0) {
      self.finding = finding
      self.recorded = recorded
    }
  }

  package struct Decision: Sendable, Equatable {
    /// Which place's state is taken; nil: the folder's own.
    package var taken: Int?
    /// The places whose recorded state is newer than what is taken, and is missing.
    package var missing: [Int] = []
    /// The places of which nobody can say whether they hold anything newer.
    package var doubtful: [Int] = []
  }

  /// - Parameter known: the highest sequence that the data folder knows of; 0 when nothing can be read of it.
  package static func decide(_ places: [Place], known: UInt64) -> Decision {
    var decision = Decision()
    var newest = known
    for (index, place) in places.enumerated() {
      guard case .holds(let sequence) = place.finding, sequence > newest else { continue }
      (newest, decision.taken) = (sequence, index)
    }
    for (index, place) in places.enumerated() {
      if place.recorded > newest {
        decision.missing.append(index)
      } else if place.finding == .unreadable {
        decision.doubtful.append(index)
      }
    }
    return decision
  }
}
