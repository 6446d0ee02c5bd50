public import PersistenceMessages

/// When the host counts as unhealthy. Pure.
public struct HealthPolicy: Sendable, Equatable {
  /// The oldest that unsaved state may be, in a healthy host.
  public let unsavedBound: Duration

  /// The bound is three times the max delay, so that one slow store after the longest wait does not raise an alarm, and
  /// at least 10 s, which outlasts the first five retries (0.25 to 4 s): whatever they mend needs nobody's help.
  public init(maxDelay: Duration) {
    unsavedBound = max(.seconds(10), maxDelay * 3)
  }

  /// The rule of `/healthz`: 200 when true, 503 otherwise. Nil is the status of a host whose writer does not run yet.
  public func isHealthy(_ persistence: PersistenceStatus?, _ facts: StoreFacts? = nil) -> Bool {
    guard let persistence else { return false }
    // What was reported as stored is on no disk: that is no better than unsaved state that is too old. While something is
    // unsaved, its age decides: each attempt to store it looks for the files too.
    if let facts, !persistence.hasUnsaved, facts.isHomeless, facts.trouble != nil { return false }
    switch persistence.state {
    // Not even the next change can be stored.
    case .readOnly, .stopped: return false
    case .saved, .pending, .storing, .retrying, .failing:
      return (persistence.oldestUnsavedAge ?? .zero) <= unsavedBound
    }
  }

  /// The host's health in one word, the same rule with the reasons told apart.
  ///
  /// - Parameter loss: recorded in the data folder.
  public func word(
    for persistence: PersistenceStatus?, _ facts: StoreFacts? = nil, loss: LossRecord? = nil
  ) -> HealthWord {
    guard let persistence else { return .starting }
    if persistence.state == .stopped { return .stopped }
    guard isHealthy(persistence, facts) else { return .unhealthy }
    if loss?.isOpen ?? false { return .degraded }
    return persistence.lastFailure == nil && facts.map(Self.isPlain) ?? true ? .ok : .degraded
  }

  /// Whether there is nothing about the store that somebody should look at soon.
  private static func isPlain(_ facts: StoreFacts) -> Bool {
    facts.trouble == nil && facts.failover == nil && facts.heldBack.isEmpty && !facts.isWALAlarming
  }
}

/// The raw value is the word in the JSON of health.
public enum HealthWord: String, Sendable, CaseIterable {
  /// The writer does not run yet.
  case starting
  case ok
  /// A loss is not acknowledged yet; or the last store failed and the unsaved state is not old yet; or something is held back, the second folder is used,
  /// the log is too long, or housekeeping failed.
  case degraded
  /// Unsaved state is too old, or nothing can be stored.
  case unhealthy
  /// The writer has ended.
  case stopped
}
