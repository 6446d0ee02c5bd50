import PersistenceMessages
import Synchronization

/// The worker's published status, for health; can be read at any time without waiting for a store.
final class StatusBoard: Sendable {
  struct Notes: Sendable {
    var stored: UInt64
    var generation: Int64?
    var lastStoredAtUnixMs: Int64?
    var oldestUnsavedAt: Duration?
    /// The time of the worker's last poll: requests that it has not seen yet are more recent.
    var lookedAt: Duration
    /// The number of requests that another request's store fulfilled.
    var coalescedRequests: UInt64 = 0
    /// The last failure; nil again once a store has succeeded.
    var lastFailure: PersistenceObservation.FailureReport?
    var retryAt: Duration?
    /// The beginning of the current outage.
    var failingSince: Duration?
    var isStoring = false
    var isStopped = false
    var facts: StoreFacts?
  }

  private let notes: Mutex<Notes>

  init(start: WriterStart, now: Duration) {
    notes = Mutex(
      Notes(
        stored: start.sequence, generation: start.generation, lastStoredAtUnixMs: start.storedAtUnixMs, lookedAt: now))
  }

  var current: Notes { notes.withLock { $0 } }

  /// Updates the generation of the newest stored state, which may differ from the one that was reported when it was
  /// stored.
  func note(facts: StoreFacts) {
    notes.withLock { notes in
      notes.facts = facts
      guard let stored = facts.stored, stored.sequence == notes.stored else { return }
      notes.generation = stored.generation
      notes.lastStoredAtUnixMs = stored.storedAtUnixMs
    }
  }

  func noteLook(at now: Duration, oldestUnsavedAt: Duration?) {
    notes.withLock { notes in
      notes.lookedAt = now
      notes.oldestUnsavedAt = oldestUnsavedAt
    }
  }

  func noteStoring(_ isStoring: Bool) {
    notes.withLock { $0.isStoring = isStoring }
  }

  func noteStored(_ stored: StoredGeneration, requests: UInt64, oldestUnsavedAt: Duration?, facts: StoreFacts) {
    notes.withLock { notes in
      notes.stored = stored.sequence
      notes.generation = stored.generation
      notes.lastStoredAtUnixMs = stored.storedAtUnixMs
      notes.oldestUnsavedAt = oldestUnsavedAt
      notes.coalescedRequests += requests > 0 ? requests - 1 : 0
      notes.lastFailure = nil
      notes.retryAt = nil
      notes.failingSince = nil
      notes.facts = facts
    }
  }

  func noteFailure(
    _ report: PersistenceObservation.FailureReport, since: Duration, retryAt: Duration?, facts: StoreFacts
  ) {
    notes.withLock { notes in
      notes.failingSince = since
      notes.lastFailure = report
      notes.retryAt = retryAt
      notes.facts = facts
    }
  }

  func noteStopped() {
    notes.withLock { $0.isStopped = true }
  }
}
