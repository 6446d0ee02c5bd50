/// The writer's condition in one word; the raw value is the word in JSON and metrics.
public enum PersistenceState: String, Sendable, CaseIterable {
  /// Everything accepted is stored.
  case saved
  /// Changes are unsaved and wait for the debounce.
  case pending
  /// A store is in flight and the previous one did not fail.
  case storing
  /// The last attempt failed, or the stored state is no longer on disk; another attempt follows.
  case retrying
  /// Several attempts in a row failed, or none will follow.
  case failing
  /// The database can't be written.
  case readOnly
  /// The writer has ended.
  case stopped

  /// Failures in a row after which an outage counts as `failing`: with the default waits, about two seconds.
  public static let failingAttempts = 4

  /// Derives the state from the writer's condition. The only place with this rule.
  ///
  /// - Parameter isHomeless: see ``StoreFacts/isHomeless``.
  public init(
    isStopped: Bool, isStoring: Bool, hasUnsaved: Bool, isHomeless: Bool = false,
    lastFailure: PersistenceObservation.FailureReport?
  ) {
    if isStopped {
      self = .stopped
    } else if let lastFailure {
      if lastFailure.failure.code == .readOnly || lastFailure.failure.code == .newerSchema {
        self = .readOnly
      } else {
        let isLong = lastFailure.attempt >= Self.failingAttempts || lastFailure.retryIn == nil
        self = isLong ? .failing : .retrying
      }
    } else if isStoring {
      self = .storing
    } else if isHomeless {
      self = .retrying
    } else {
      self = hasUnsaved ? .pending : .saved
    }
  }
}

/// The writer's condition at one moment.
public struct PersistenceStatus: Sendable {
  public var state: PersistenceState
  public var requestedSequence: UInt64
  public var storedSequence: UInt64
  /// The generation that holds `storedSequence`; nil until there is one.
  public var storedGeneration: Int64?
  /// Wall clock, milliseconds since 1970; nil until this process has stored something.
  public var lastStoredAtUnixMs: Int64?
  /// Nil when nothing is unsaved.
  public var oldestUnsavedAge: Duration?
  /// Whether a request newer than the last failed one is pending.
  public var newerRequestPending: Bool
  /// The number of requests that the store of a later one fulfilled.
  public var coalescedRequests: UInt64
  /// The failure that prevents storing; nil again after a success.
  public var lastFailure: PersistenceObservation.FailureReport?
  public var nextRetryIn: Duration?
  /// Time since the first failure of the current outage; nil if there is none.
  public var failingFor: Duration?

  public init(
    state: PersistenceState, requestedSequence: UInt64, storedSequence: UInt64, storedGeneration: Int64?,
    lastStoredAtUnixMs: Int64?, oldestUnsavedAge: Duration?, newerRequestPending: Bool, coalescedRequests: UInt64,
    lastFailure: PersistenceObservation.FailureReport?, nextRetryIn: Duration?, failingFor: Duration? = nil
  ) {
    self.state = state
    self.requestedSequence = requestedSequence
    self.storedSequence = storedSequence
    self.storedGeneration = storedGeneration
    self.lastStoredAtUnixMs = lastStoredAtUnixMs
    self.oldestUnsavedAge = oldestUnsavedAge
    self.newerRequestPending = newerRequestPending
    self.coalescedRequests = coalescedRequests
    self.lastFailure = lastFailure
    self.nextRetryIn = nextRetryIn
    self.failingFor = failingFor
  }

  /// The number of accepted durable mutations that are not stored.
  public var unsavedRequests: UInt64 { hasUnsaved ? requestedSequence - storedSequence : 0 }
  public var hasUnsaved: Bool { requestedSequence > storedSequence }
}
