import PersistenceMessages

/// Decides when the store gives up its database for a fresh one, and its folder for the second one. Pure; it counts
/// attempts and rests and never sees a clock.
///
///     first folder ──3 I/O errors in a row──► the same folder, a fresh database, the old one in quarantine/ (once)
///                  ──4 failures in a row, or 6 with the fresh database──► second folder
///     second folder ──the first one takes the newest state──► first folder
///
/// With the writer's waits (0.25 s, doubling), three failures take about one second and six about eight.
struct FailoverPolicy: Sendable, Equatable {
  enum Place: Sendable, Equatable { case first, second }

  enum Step: Sendable, Equatable {
    /// Nothing but the writer's next attempt.
    case retry
    /// Move the database to quarantine and build a fresh one of what can be read.
    case replaceDatabase
    /// Store in the second folder.
    case failOver
  }

  /// I/O errors in a row after which the database's file itself is not trusted any more.
  static let failuresBeforeReplacing = 3
  /// Failures in a row after which the first folder is given up for now: as many as make health say `failing`.
  static let failuresBeforeFailover = 4
  /// Rests, one a second, between two attempts to go back to the first folder. Doubles with each that fails, because an
  /// attempt may block for as long as the ill disk does.
  static let firstProbeRests = 10
  static let longestProbeRests = 320

  let hasSecond: Bool
  private(set) var place = Place.first
  private var failures = 0
  private var troubledRests = 0
  private var hasReplaced = false
  private var restsUntilProbe = firstProbeRests
  private var probeRests = firstProbeRests

  init(hasSecond: Bool) {
    self.hasSecond = hasSecond
  }

  /// A store in the first folder succeeded: whatever was wrong is over.
  mutating func noteStored() {
    self = FailoverPolicy(hasSecond: hasSecond)
  }

  /// A store in the first folder failed.
  mutating func noteFailure(_ code: StoreFailure.Code) -> Step {
    // The same state would fail in the same way anywhere.
    if code == .encoding || code == .invariant { return .retry }
    failures += 1
    if code == .io, failures >= Self.failuresBeforeReplacing, !hasReplaced {
      hasReplaced = true
      return .replaceDatabase
    }
    let bound = Self.failuresBeforeFailover + (hasReplaced ? 2 : 0)
    return hasSecond && failures >= bound ? .failOver : .retry
  }

  /// The first folder rested with nothing pending.
  ///
  /// - Parameter isHomeless: the newest stored state is nowhere on its disk, and could not be put there.
  mutating func noteRest(isHomeless: Bool) -> Step {
    troubledRests = isHomeless ? troubledRests + 1 : 0
    return hasSecond && troubledRests >= Self.failuresBeforeFailover ? .failOver : .retry
  }

  /// The second folder holds the newest state now.
  mutating func noteFailedOver() {
    self = FailoverPolicy(hasSecond: hasSecond)
    place = .second
  }

  /// The second folder rested.
  ///
  /// - Returns: whether to try to go back to the first one.
  mutating func noteRestInSecond() -> Bool {
    restsUntilProbe -= 1
    return restsUntilProbe <= 0
  }

  /// The first folder still does not take the newest state.
  mutating func noteProbeFailed() {
    probeRests = min(probeRests * 2, Self.longestProbeRests)
    restsUntilProbe = probeRests
  }
}
