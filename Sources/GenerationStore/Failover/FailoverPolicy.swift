package import PersistenceMessages

/// Decides when the store tries a fresh database, and when it uses the second folder. Pure; it counts attempts and
/// rests and reads no clock. ``ReplacementRule`` decides whether a fresh database replaces the old one.
///
///     first folder ──3 I/O errors in a row, then 6, 12, …──► tries a fresh database in the same folder (until one is
///     used)
///                  ──4 failures in a row, or 6 when a fresh database is used──► second folder
///     second folder ──the first one takes the newest state──► first folder
///
/// With the writer's waits (0.25 s, doubling), three failures take about one second, six about eight.
package struct FailoverPolicy: Sendable, Equatable {
  package enum Place: Sendable, Equatable { case first, second }

  package enum Step: Sendable, Equatable {
    /// Nothing but the writer's next attempt.
    case retry
    /// Build a fresh database from everything readable, try the old one once more, and replace it if only it fails.
    case tryFreshDatabase
    /// Store in the second folder.
    case failOver
  }

  /// I/O errors in a row after which the database's own file may be the cause. Doubles with each fresh database that is
  /// not used, because building one is expensive on a failing disk.
  static let failuresBeforeReplacing = 3
  /// Failures in a row after which the second folder is used: as many as make health report `failing`.
  static let failuresBeforeFailover = 4
  /// Rests, one per second, between two attempts to return to the first folder. Doubles with each failed attempt,
  /// because an attempt may block for as long as the failing disk does.
  static let firstProbeRests = 10
  static let longestProbeRests = 320

  package let hasSecond: Bool
  package private(set) var place = Place.first
  private var failures = 0
  private var troubledRests = 0
  private var hasReplaced = false
  private var nextFreshDatabase = failuresBeforeReplacing
  private var restsUntilProbe = firstProbeRests
  private var probeRests = firstProbeRests

  package init(hasSecond: Bool) {
    self.hasSecond = hasSecond
  }

  /// A store in the first folder succeeded: the outage is over.
  package mutating func noteStored() {
    self = FailoverPolicy(hasSecond: hasSecond)
  }

  /// A store in the first folder failed.
  package mutating func noteFailure(_ code: StoreFailure.Code) -> Step {
    // The same state would fail in the same way anywhere.
    if code.retry != .soon { return .retry }
    failures += 1
    if code == .io, failures >= nextFreshDatabase, !hasReplaced {
      nextFreshDatabase = failures * 2
      return .tryFreshDatabase
    }
    let bound = Self.failuresBeforeFailover + (hasReplaced ? 2 : 0)
    return hasSecond && failures >= bound ? .failOver : .retry
  }

  /// A fresh database replaced the failing one, which happens once per outage.
  package mutating func noteReplaced() {
    hasReplaced = true
  }

  /// The first folder rested with nothing pending.
  ///
  /// - Parameter isHomeless: whether the newest stored state is no longer on its disk, and could not be stored there
  ///   again.
  package mutating func noteRest(isHomeless: Bool) -> Step {
    troubledRests = isHomeless ? troubledRests + 1 : 0
    return hasSecond && troubledRests >= Self.failuresBeforeFailover ? .failOver : .retry
  }

  /// The second folder holds the newest state now.
  package mutating func noteFailedOver() {
    self = FailoverPolicy(hasSecond: hasSecond)
    place = .second
  }

  /// The second folder rested.
  ///
  /// - Returns: whether to try to return to the first one.
  package mutating func noteRestInSecond() -> Bool {
    restsUntilProbe -= 1
    return restsUntilProbe <= 0
  }

  /// The newest state still can't be stored in the first folder.
  package mutating func noteProbeFailed() {
    probeRests = min(probeRests * 2, Self.longestProbeRests)
    restsUntilProbe = probeRests
  }
}
