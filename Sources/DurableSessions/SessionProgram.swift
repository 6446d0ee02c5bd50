public import Documents
public import PersistenceMessages

/// A program's contribution to a session: how documents become a state, and the state to begin with if no stored state
/// can be read. The session runs the recovery ladder; the program provides its last rungs.
public struct SessionProgram: Sendable {
  public var reading: DocumentReading
  /// The state of a new folder. Called while the session opens, like the two below.
  public var beginning: @Sendable () -> Beginning
  /// The state to use if no stored state can be read, such as the newest preset.
  public var lastResort: @Sendable () -> Beginning
  /// A variant of the given state that can't crash the program, for a start after a crash loop that the proven state did
  /// not end. Nil if there is none.
  public var harmless: @Sendable (any DocumentSource) -> Beginning?
  /// Whether a state shows nothing that could crash the program. After a loss such a state is not marked as proven.
  public var isBlank: @Sendable (any DocumentSource) -> Bool

  /// The program's own last rungs, by the severity of the loss, least first.
  public var rungs: [ProgramRung]

  /// For a program that always begins with the same state. Its last rung is `empty`.
  public init<State: DurableState>(initial: State) {
    reading = DocumentReading(over: initial)
    beginning = { Beginning(StateDocuments(initial), rung: .initial) }
    lastResort = { Beginning(StateDocuments(initial), rung: .program("empty"), isStored: true) }
    harmless = { _ in nil }
    rungs = [ProgramRung("empty", blankState: .isHeldUntilAcknowledged)]
    // After a loss the initial state is no more evidence than an empty one.
    isBlank = { source in
      let initial = Dictionary(uniqueKeysWithValues: initial.documents.map { ($0.key, $0.body) })
      let documents = source.documents
      return documents.count == initial.count && documents.allSatisfy { initial[$0.key] == $0.body }
    }
  }

  public init(
    reading: DocumentReading, beginning: @escaping @Sendable () -> Beginning,
    lastResort: @escaping @Sendable () -> Beginning,
    harmless: @escaping @Sendable (any DocumentSource) -> Beginning?,
    isBlank: @escaping @Sendable (any DocumentSource) -> Bool, rungs: [ProgramRung]
  ) {
    self.rungs = rungs
    self.reading = reading
    self.beginning = beginning
    self.lastResort = lastResort
    self.harmless = harmless
    self.isBlank = isBlank
  }
}

/// A state that does not come from a stored generation.
public struct Beginning: Sendable {
  public var source: any DocumentSource
  public var rung: RecoveryRung
  /// Whether it becomes a generation at once, instead of with the first change.
  public var isStored: Bool
  /// The losses, one sentence each.
  public var lost: [String]
  /// Notices for the operator, one sentence each.
  public var notices: [String]

  public init(
    _ source: any DocumentSource, rung: RecoveryRung, isStored: Bool = false, lost: [String] = [],
    notices: [String] = []
  ) {
    self.source = source
    self.rung = rung
    self.isStored = isStored
    self.lost = lost
    self.notices = notices
  }
}
