import ControlIngress
import HealthReporting
import PersistenceMessages
import PersistencePipeline
import Synchronization

/// Passes what the writer observes on to health, the journal and event streams. Called on the writer's thread; nothing
/// here waits.
final class ObservationReports: Sendable {
  private let journal: Journal
  private let feeds: EventFeeds
  private let telemetry: HealthTelemetry
  private let status = Mutex<(@Sendable () -> PersistenceStatus)?>(nil)

  init(journal: Journal, feeds: EventFeeds, telemetry: HealthTelemetry) {
    self.journal = journal
    self.feeds = feeds
    self.telemetry = telemetry
  }

  /// The writer reports and is asked for its status while it does; it comes last because it needs this to be made.
  func install(_ writer: PersistenceWriter<HostStore>) {
    status.withLock { $0 = { [weak writer] in writer?.status() ?? .none } }
  }

  func report(_ observation: PersistenceObservation) {
    telemetry.observe(observation)
    let status = status.withLock { $0 }?() ?? .none
    guard let line = observation.line(status: status) else { return }
    journal.note(line.event, line.data)
    feeds.publish(StreamEvent(line.event, line.data))
  }
}

extension PersistenceStatus {
  /// Before there is a writer.
  fileprivate static var none: PersistenceStatus {
    PersistenceStatus(
      state: .saved, requestedSequence: 0, storedSequence: 0, storedGeneration: nil, lastStoredAtUnixMs: nil,
      oldestUnsavedAge: nil, newerRequestPending: false, coalescedRequests: 0, lastFailure: nil, nextRetryIn: nil)
  }
}
