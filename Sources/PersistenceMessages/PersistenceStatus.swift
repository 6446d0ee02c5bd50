/// The writer's condition in one word; the raw value is the word in JSON and metrics.
public enum PersistenceState: String, Sendable, CaseIterable {
  /// Everything accepted is stored.
  case saved
  /// Something is unsaved and waits for its debounce.
  case pending
  /// A store is in flight and the one before it did not fail.
  case storing
  /// The last attempt failed, or what was stored is not on disk any more; another attempt follows soon.
  case retrying
  /// Several attempts in a row failed, or none will follow.
  case failing
  /// The database can't be written.
  case readOnly
  /// The writer has ended.
  case stopped

  /// Failures in a row from which on an outage is no hiccup any more: with the default waits, about two seconds.
  public static let failingAttempts = 4

  /// The one rule for the word.
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
  /// Nil until there is one.
  public var storedGeneration: Int64?
  /// Wall clock, milliseconds since 1970; nil until this process has stored something.
  public var lastStoredAtUnixMs: Int64?
  /// Nil when nothing is unsaved.
  public var oldestUnsavedAge: Duration?
  /// Whether a request newer than the one that failed last waits as well.
  public var newerRequestPending: Bool
  /// Requests that were fulfilled by the store of a later one.
  public var coalescedRequests: UInt64
  /// The failure that holds the unsaved state back; nil again after a success.
  public var lastFailure: PersistenceObservation.FailureReport?
  public var nextRetryIn: Duration?
  /// Time since the first failure of the outage that lasts; nil while none does.
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

  /// Accepted durable mutations that are not stored.
  public var unsavedRequests: UInt64 { hasUnsaved ? requestedSequence - storedSequence : 0 }
  public var hasUnsaved: Bool { requestedSequence > storedSequence }
}
