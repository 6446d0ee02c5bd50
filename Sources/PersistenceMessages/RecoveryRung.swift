/// Where the state of a start comes from. All rungs of the recovery, whoever provides them: the store, the crash-loop
/// guard, or the program. `RecoveryTable` decides which one a start takes.
public enum RecoveryRung: Sendable, Hashable, CustomStringConvertible {
  /// The newest generation, whole: nothing was lost.
  case newest
  /// The newest generation of the second folder, where the last run had to store: nothing was lost.
  case secondFolder
  /// The newest whole generation of a quarantined database, because the data folder itself has none.
  case predecessor
  /// The newest whole generation; newer ones are damaged.
  case older
  /// The newest whole generation found in a database whose list is damaged, or in the pages of one that SQLite can't open.
  case salvaged
  /// No generation is whole: the newest one with a readable document, without what is damaged.
  case partial
  /// The newest proven generation, after a crash loop.
  case proven
  /// The first state of a new folder.
  case initial
  /// One of the program's own rungs (``ProgramRung``), by its name.
  case program(String)

  /// The word in journal, health and `loss.json`.
  public var description: String {
    switch self {
    case .newest: "newest"
    case .secondFolder: "secondFolder"
    case .predecessor: "predecessor"
    case .older: "older"
    case .salvaged: "salvaged"
    case .partial: "partial"
    case .proven: "proven"
    case .initial: "initial"
    case .program(let name): name
    }
  }

  /// The rungs that recover something, by the severity of the loss, least first. The program's own rungs come after these.
  static let bySeverity: [RecoveryRung] = [
    .newest, .secondFolder, .predecessor, .older, .salvaged, .partial, .proven,
  ]
}

/// One of a program's own last rungs. The program gives it its name and its words.
public struct ProgramRung: Sendable, Equatable {
  /// Whether a state of this rung may be marked as proven while it is blank, that is, while it shows nothing that could
  /// end the program.
  public enum BlankState: Sendable, Equatable {
    /// Like any other state.
    case isProvable
    /// Only once the loss is acknowledged, or the state is not blank any more.
    case isHeldUntilAcknowledged
    /// Only once the state is not blank any more. That also ends a loss which consists of nothing else.
    case isHeldUntilShown
  }

  /// The word in journal, health and `loss.json`.
  public var name: String
  public var blankState: BlankState

  public init(_ name: String, blankState: BlankState = .isProvable) {
    self.name = name
    self.blankState = blankState
  }
}
