import Concurrency
import ControlIngress
import DurableSessions
import HealthReporting
import PersistenceMessages

/// Reports the writer's observations to health, the journal and event streams. Called on the writer's thread; never
/// waits.
struct ObservationReports: Sendable {
  let journal: Journal
  let feeds: Broadcast<StreamEvent>
  let telemetry: HealthTelemetry

  func report(_ observation: PersistenceObservation, _ status: PersistenceStatus) {
    telemetry.observe(observation)
    guard let line = observation.line(status: status) else { return }
    journal.note(line.event, line.data)
    feeds.publish(StreamEvent(line.event, line.data))
  }
}
