public import Documents
public import GenerationStore

/// What a session needs to know of the program whose state it keeps: how documents become a state, and with what to begin
/// when nothing that was stored can be read. The session walks the ladder; the program contributes its last rungs.
public struct SessionProgram: Sendable {
  public var reading: DocumentReading
  /// The state of a new folder. Called while the session opens, as the two below.
  public var beginning: @Sendable () -> Beginning
  /// The state to go on with when nothing that was stored can be read, such as the newest preset.
  public var lastResort: @Sendable () -> Beginning
  /// A state that can't end the program as the given one seems to, such as a show with all layers switched off: for a
  /// start after a crash loop that the proven state did not end. Nil when there is none.
  public var harmless: @Sendable (any DocumentSource) -> Beginning?

  /// Whether a state shows nothing, such as a show without a layer that is on: after a loss such a state proves nothing.
  public var isBlank: @Sendable (any DocumentSource) -> Bool

  /// For a program that begins with one state whatever happened.
  public init<State: DurableState>(initial: State) {
    reading = DocumentReading(over: initial)
    beginning = { Beginning(StateDocuments(initial), rung: .initial) }
    lastResort = { Beginning(StateDocuments(initial), rung: .program("empty"), isStored: true) }
    harmless = { _ in nil }
    // After a loss the initial state says as little as an empty show.
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
  /// What was lost, in words.
  public var lost: [String]
  /// What the operator should know, in sentences.
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

/// Where a session's state comes from: a rung of the recovery ladder, from the newest stored generation down to what the
/// program has left.
public enum SessionRung: Sendable, Equatable, CustomStringConvertible {
  /// A stored generation, as the store's ladder found it.
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
