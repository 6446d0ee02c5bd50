import Documents
import DurableFiles
import DurableSessions
import GenerationStore
import HealthReporting
import LiveRuntime
import PersistenceMessages
import RecoveryWorkbench
import Studio
import StudioState
import VideoOutput

/// The way from settings to a host that can run: journal and health around a studio session.
enum HostStart {
  static func start(_ settings: HostSettings, journal: Journal) throws(HostFailure) -> StudioHost {
    let events = RuntimeEventBus()
    journal.start(events: events)
    let record = HostRecord(folder: settings.dataFolder)
    let telemetry = HealthTelemetry(
      version: StudioHost.version, startedAtUnixMs: SystemTime.unixMilliseconds(),
      policy: HealthPolicy(maxDelay: settings.maxDelay))
    let feeds = EventFeeds()
    let reports = ObservationReports(journal: journal, feeds: feeds, telemetry: telemetry)
    var options = settings.studio
    options.session.notice = { journal.tell($0) }
    options.session.observe = reports.report
    options.session.otherHolder = { LivingHost.holder(of: $0) }
    options.session.event = { event in journal.note(event.name, event.data) }
    let studio: StudioSession
    do throws(SessionFailure) {
      studio = try StudioSession(options, events: events) {
        do throws(FileFailure) {
          try record.writeAgain()
        } catch {
          journal.tell(record.words(for: error))
        }
      }
    } catch {
      throw HostFailure(error)
    }
    note(studio.restoration, journal, telemetry)
    CrashTestPackage.abortIfLoaded(in: studio.coordinator.view().durable, settings)
    return StudioHost(
      settings: settings, journal: journal, record: record, feeds: feeds, telemetry: telemetry, studio: studio,
      video: SimulatedDeckLinkOutput(snapshots: studio.frames()))
  }

  private static func note(_ restoration: Restoration, _ journal: Journal, _ telemetry: HealthTelemetry) {
    if let rollback = restoration.crashLoop {
      journal.note(
        "host.crashLoopRollback",
        [
          "from": rollback.from.map { .int($0) } ?? .null, "to": rollback.to.map { .int($0) } ?? .null,
          "uncleanEnds": .int(Int64(rollback.uncleanEnds)), "layersOff": .bool(rollback.isHarmless),
        ])
    }
    guard restoration.origin == .recovery || !restoration.lost.isEmpty else { return }
    telemetry.setRecovered(
      from: restoration.sourceName, rung: restoration.rung.description, lost: restoration.lost)
  }
}
