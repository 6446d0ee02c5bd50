/// Decides which quarantined database a start uses if it would otherwise be empty. No I/O.
///
/// | the candidate, newest incident first                       | then                |
/// |------------------------------------------------------------|---------------------|
/// | holds no whole generation                                  | the next one        |
/// | is another show's, as far as both can be read              | the next one        |
/// | holds a whole generation, of this show or of an unknown one | that one           |
package enum PredecessorRule {
  package struct Candidate: Sendable, Equatable {
    /// The id of its show; nil if it can't be read.
    package var show: String?
    /// Its newest undamaged generation; nil if there is none.
    package var newestWhole: Int64?

    package init(show: String?, newestWhole: Int64?) {
      self.show = show
      self.newestWhole = newestWhole
    }
  }

  /// - Parameter show: the show of the database in the data folder; nil if it can't be read.
  package static func accepts(_ candidate: Candidate, show: String?) -> Bool {
    guard candidate.newestWhole != nil else { return false }
    guard let show, let theirs = candidate.show else { return true }
    return theirs == show
  }
}
