import Concurrency
import ControlIngress
import Documents
import DurableFiles
import DurableSessions
import HealthReporting
import LiveRuntime
import PersistenceMessages
import RecoveryWorkbench
import Studio
import StudioState
import VideoOutput

extension StudioHost {
  /// Opens and restores the data folder and starts the writer and the journal; nothing listens yet. Blocks for as long as
  /// the disk takes.
  ///
  /// - Throws: when the folder can't be used. Damage is restored from and reported, never thrown.
  package static func start(_ settings: HostSettings, journal: Journal) throws(HostFailure) -> StudioHost {
    let events = RuntimeEventBus()
    journal.start(events: events)
    let record = HostRecord(folder: settings.studio.folder)
    let telemetry = HealthTelemetry(
      version: ProgramVersion.current, startedAtUnixMs: WallClock.unixMilliseconds(),
      policy: HealthPolicy(maxDelay: settings.studio.session.maxDelay))
    let feeds = Broadcast<StreamEvent>()
    var options = settings.studio
    options.session.notice = journal.tell
    options.session.observe = ObservationReports(journal: journal, feeds: feeds, telemetry: telemetry).report
    options.session.otherHolder = { LivingHost.holder(of: $0) }
    options.session.event = { journal.note($0.name, $0.data) }
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
