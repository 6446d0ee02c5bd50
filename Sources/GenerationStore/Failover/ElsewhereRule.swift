/// Decides how a start uses folders that may hold a newer state than its own: the second folder that it is given, and
/// those that earlier runs were given (``Elsewhere``). No I/O.
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
    /// The place whose state is taken; nil for the folder's own.
    package var taken: Int?
    /// The places whose recorded state is newer than the taken one, and is missing.
    package var missing: [Int] = []
    /// The places that can't be read and may hold a newer state.
    package var doubtful: [Int] = []
  }

  /// - Parameter known: the highest sequence recorded in the data folder; 0 if nothing can be read there.
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
