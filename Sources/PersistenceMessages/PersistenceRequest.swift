/// The target of a persistence request or report. Presets are written synchronously and appear in reports only.
public enum PersistenceTarget: String, Sendable {
  case runtimeState, runtimeConfig, preset
}

/// How a generation came to be; the raw value is the word in SQL and JSON.
public enum GenerationOrigin: String, Sendable, CaseIterable {
  /// Mutations of a running show.
  case mutation
  case rollback
  /// An exported state that was imported.
  case `import`
  /// A state that the recovery ladder restored at a start.
  case recovery
  /// The first state of an empty data folder.
  case initial
}

/// The coordinator's request to store an accepted mutation. Small, immutable, no I/O.
public struct PersistenceRequest: Sendable, Equatable {
  public var target: PersistenceTarget
  /// The action's name, such as `parameter.set` or `preset.load`.
  public var reason: String
  /// Where the mutation came from, such as `osc:127.0.0.1:50123` or `http`.
  public var actor: String
  public var origin: GenerationOrigin
  /// Whether to store at once instead of after the debounce.
  public var isForced: Bool
  /// The durable sequence after the mutation. Grows with every durable mutation.
  public var sequence: UInt64

  public init(
    target: PersistenceTarget, reason: String, actor: String, origin: GenerationOrigin = .mutation,
    isForced: Bool = false, sequence: UInt64
  ) {
    self.target = target
    self.reason = reason
    self.actor = actor
    self.origin = origin
    self.isForced = isForced
    self.sequence = sequence
  }
}
