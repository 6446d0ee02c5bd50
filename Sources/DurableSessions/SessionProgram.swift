public import Documents
public import GenerationStore

/// A program's contribution to a session: how documents become a state, and the state to begin with if no stored state
/// can be read. The session runs the recovery ladder; the program provides its last rungs.
public struct SessionProgram: Sendable {
  public var reading: DocumentReading
  /// The state of a new folder. Called while the session opens, like the two below.
  public var beginning: @Sendable () -> Beginning
  /// The state to use if no stored state can be read, such as the newest preset.
  public var lastResort: @Sendable () -> Beginning
  /// A variant of the given state that can't crash the program, such as a show with all layers switched off: for a
  /// start after a crash loop that the proven state did not end. Nil if there is none.
  public var harmless: @Sendable (any DocumentSource) -> Beginning?

  /// Whether a state renders nothing, such as a show without an enabled layer. After a loss such a state is not marked
  /// as proven.
  public var isBlank: @Sendable (any DocumentSource) -> Bool

  /// For a program that always begins with the same state.
  public init<State: DurableState>(initial: State) {
    reading = DocumentReading(over: initial)
    beginning = { Beginning(StateDocuments(initial), rung: .initial) }
    lastResort = { Beginning(StateDocuments(initial), rung: .program("empty"), isStored: true) }
    harmless = { _ in nil }
    // After a loss the initial state is no more evidence than an empty show.
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
    isBlank: @escaping @Sendable (any DocumentSource) -> Bool
  ) {
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
  public var rung: SessionRung
  /// Whether it becomes a generation at once, instead of with the first change.
  public var isStored: Bool
  /// The losses, one sentence each.
  public var lost: [String]
  /// Notices for the operator, one sentence each.
  public var notices: [String]

  public init(
    _ source: any DocumentSource, rung: SessionRung, isStored: Bool = false, lost: [String] = [],
    notices: [String] = []
  ) {
    self.source = source
    self.rung = rung
    self.isStored = isStored
    self.lost = lost
    self.notices = notices
  }
}

/// The source of a session's state: a rung of the recovery ladder, from the newest stored generation down to the
/// program's last resort.
public enum SessionRung: Sendable, Equatable, CustomStringConvertible {
  /// A stored generation that the store's ladder selected.
  case stored(RecoveryRung)
  /// The newest proven generation, after a crash loop.
  case proven
  /// The first state of a new folder.
  case initial
  /// One of the program's own, by its word: of a studio `demo`, `preset`, `empty`, `layersOff`.
  case program(String)

  /// The word in journal and health.
  public var description: String {
    switch self {
    case .stored(let rung): rung.rawValue
    case .proven: "proven"
    case .initial: "initial"
    case .program(let word): word
    }
  }
}
