/// The invariants of docs/architecture.md that are checked in a simulated world.
enum Invariant: String, CaseIterable {
  case explicitOutcomes = "I4 explicit outcomes"
  case nothingSilent = "I5 nothing silent"
  case newestWins = "I6 newest wins, bounded"
  case immutableHistory = "I7 immutable history"
  case goodStays = "I8 good is never overwritten by bad"
  case bounded = "I10 bounded"
  /// When all faults have ended, everything gets stored.
  case liveness = "liveness"
}

/// A broken invariant: its name, the time, and the figures that show it.
struct Violation {
  let invariant: Invariant
  let time: Duration
  let message: String

  var description: String { "\(invariant.rawValue): \(message), at \(time.inSeconds) s" }
}
