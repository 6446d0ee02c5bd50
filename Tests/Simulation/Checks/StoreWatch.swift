import PersistenceMessages
import PersistencePipeline

/// The worker's attempts to store so far, for the checks of the next one.
struct StoreWatch {
  /// The longest interruption of a thread at a seam.
  static let longestInterruption = Duration.milliseconds(20)
  /// The tolerance of bounds: times are drawn in whole microseconds.
  static let grain = Duration.milliseconds(1)

  /// The sequence that the worker announced to store.
  var picked: UInt64?
  /// Failures in a row.
  var failures = 0
  var failuresBeforeStored = 0
  var lastFailure: StoreFailure?
  var failedAt: Mark?
  var retryIn: Duration?
  var isHalted = false

  var forcedSince: Mark?
  var flushSince: Mark?
  /// Whether a store may come before its debounce.
  var mayHurry = false
  /// Whether one may come before the wait after a failure is over.
  var maySkipRetry = false
  /// The same, asked for since the worker's step began: it may not have seen that yet.
  private var mayHurryAgain = false
  private var maySkipRetryAgain = false
  var lastRequestedAtLook: Duration?
  var storedAtStepEnd: UInt64 = 0

  mutating func noteStep(lastRequestedAt: Duration?) {
    lastRequestedAtLook = lastRequestedAt
    mayHurryAgain = false
    maySkipRetryAgain = false
  }

  mutating func noteForced(hasUnsaved: Bool, at mark: Mark) {
    (mayHurry, mayHurryAgain) = (true, true)
    if hasUnsaved { forcedSince = forcedSince ?? mark }
  }

  mutating func noteFlush(hasUnsaved: Bool, at mark: Mark) {
    (mayHurry, mayHurryAgain) = (true, true)
    (maySkipRetry, maySkipRetryAgain) = (true, true)
    if hasUnsaved { flushSince = flushSince ?? mark }
  }

  mutating func noteAttempt() {
    mayHurry = mayHurryAgain
    maySkipRetry = maySkipRetryAgain
    forcedSince = nil
    flushSince = nil
  }
}
