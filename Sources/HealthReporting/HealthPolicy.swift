public import PersistenceMessages

/// Decides whether the host is healthy. Pure.
public struct HealthPolicy: Sendable, Equatable {
  /// The greatest age of unsaved state in a healthy host.
  public let unsavedBound: Duration

  /// The bound is three times the max delay, so that one slow store after the longest wait does not raise an alarm, and
  /// at least 10 s, which is longer than the first five retries (0.25 to 4 s): errors that they resolve raise no alarm.
  public init(maxDelay: Duration) {
    unsavedBound = max(.seconds(10), maxDelay * 3)
  }

  /// The rule of `/healthz`: 200 if true, 503 otherwise.
  ///
  /// - Parameter persistence: nil if the writer does not run yet.
  public func isHealthy(_ persistence: PersistenceStatus?, _ facts: StoreFacts? = nil) -> Bool {
    guard let persistence else { return false }
    // State that was reported as stored but is on no disk is as bad as unsaved state that is too old. While changes are
    // unsaved, their age decides, because each attempt to store them checks the files too.
    if let facts, !persistence.hasUnsaved, facts.isHomeless, facts.trouble != nil { return false }
    switch persistence.state {
    // Not even the next change can be stored.
    case .readOnly, .stopped: return false
    case .saved, .pending, .storing, .retrying, .failing:
      return (persistence.oldestUnsavedAge ?? .zero) <= unsavedBound
    }
  }

  /// The host's health in one word: the same rule, with the reasons distinguished.
  ///
  /// - Parameter loss: the loss recorded in the data folder.
  public func word(
    for persistence: PersistenceStatus?, _ facts: StoreFacts? = nil, loss: LossRecord? = nil
  ) -> HealthWord {
    guard let persistence else { return .starting }
    if persistence.state == .stopped { return .stopped }
    guard isHealthy(persistence, facts) else { return .unhealthy }
    if loss?.isOpen ?? false { return .degraded }
    return persistence.lastFailure == nil && facts.map(Self.isPlain) ?? true ? .ok : .degraded
  }

  /// Whether the store has no condition that needs an operator's attention.
  private static func isPlain(_ facts: StoreFacts) -> Bool {
    facts.trouble == nil && facts.failover == nil && facts.heldBack.isEmpty && !facts.isWALAlarming
  }
}

/// The raw value is the word in the JSON of health.
public enum HealthWord: String, Sendable, CaseIterable {
  /// The writer does not run yet.
  case starting
  case ok
  /// A loss is not acknowledged yet; or the last store failed and the unsaved state is not old yet; or a part of the
  /// show is held back, the second folder is in use, the log is too long, or housekeeping failed.
  case degraded
  /// Unsaved state is too old, or nothing can be stored.
  case unhealthy
  /// The writer has ended.
  case stopped
}
