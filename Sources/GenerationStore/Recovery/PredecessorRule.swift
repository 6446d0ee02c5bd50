/// Which quarantined database a start goes back to when it would otherwise come up empty. A decision, no I/O.
///
/// | the candidate, newest incident first                       | then                |
/// |------------------------------------------------------------|---------------------|
/// | holds no whole generation                                  | the next one        |
/// | is another show's, as far as both can be read              | the next one        |
/// | holds a whole generation, of this show or of an unknown one | that one           |
package enum PredecessorRule {
  package struct Candidate: Sendable, Equatable {
    /// The id of its show; nil when it can't be read.
    package var show: String?
    /// Its newest whole generation; nil when there is none.
    package var newestWhole: Int64?

    package init(show: String?, newestWhole: Int64?) {
      self.show = show
      self.newestWhole = newestWhole
    }
  }

  /// - Parameter show: of the database that lies in the data folder; nil when it can't be read.
  package static func accepts(_ candidate: Candidate, show: String?) -> Bool {
    guard candidate.newestWhole != nil else { return false }
    guard let show, let theirs = candidate.show else { return true }
    return theirs == show
  }
}
