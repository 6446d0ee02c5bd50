/// A generation that is durable.
public struct StoredGeneration: Sendable, Equatable {
  public var generation: Int64
  public var sequence: UInt64
  /// Bytes of documents and manifest written for it.
  public var bytes: Int
  /// Wall clock, milliseconds since 1970: a label, never an order.
  public var storedAtUnixMs: Int64
  public var isKeyframe: Bool

  public init(generation: Int64, sequence: UInt64, bytes: Int, storedAtUnixMs: Int64, isKeyframe: Bool) {
    self.generation = generation
    self.sequence = sequence
    self.bytes = bytes
    self.storedAtUnixMs = storedAtUnixMs
    self.isKeyframe = isKeyframe
  }
}

/// An event of the writer. Observers are called on the worker's thread, in the order of the events.
public enum PersistenceObservation: Sendable {
  /// A store began; at most one is in flight.
  case storing(sequence: UInt64)
  /// The transaction is durable.
  case stored(StoreReport)
  /// The state stays unsaved; another attempt follows unless `retryIn` is nil.
  case failed(FailureReport)
  /// The first store that succeeded after at least one failure.
  case recovered(afterAttempts: Int, outage: Duration)
  /// The worker ended. A failure to close loses nothing that was stored: the next start reads it from the log.
  case stopped(ShutdownOutcome, closeFailure: StoreFailure?)

  public struct StoreReport: Sendable {
    public var stored: StoredGeneration
    /// The newest request that the store fulfilled.
    public var request: PersistenceRequest
    /// The number of requests that this store fulfilled.
    public var requests: UInt64
    public var duration: Duration

    public init(stored: StoredGeneration, request: PersistenceRequest, requests: UInt64, duration: Duration) {
      self.stored = stored
      self.request = request
      self.requests = requests
      self.duration = duration
    }
  }

  public struct FailureReport: Sendable {
    public var failure: StoreFailure
    /// The newest request that could not be stored.
    public var request: PersistenceRequest
    /// Attempts in a row that failed, from 1.
    public var attempt: Int
    /// Time to the next attempt; nil when none will be made.
    public var retryIn: Duration?
    /// Whether a request newer than `request` is pending.
    public var newerRequestPending: Bool

    public init(
      failure: StoreFailure, request: PersistenceRequest, attempt: Int, retryIn: Duration?, newerRequestPending: Bool
    ) {
      self.failure = failure
      self.request = request
      self.attempt = attempt
      self.retryIn = retryIn
      self.newerRequestPending = newerRequestPending
    }
  }
}

/// How the writer ended; the raw value is the word in the journal.
public enum ShutdownOutcome: String, Sendable {
  case stored
  case nothingPending = "nothing-pending"
  case timedOut = "timed-out"
  case failed
}
