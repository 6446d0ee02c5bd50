import Concurrency
import ControlIngress
import Documents
import DurableFiles
import DurableSessions
import HealthReporting
import LiveRuntime
import PersistenceMessages
import PersistencePipeline
import Studio
import StudioState
import VideoOutput

extension StudioHost {
  /// What the HTTP interface may ask of this host.
  func seams(_ clock: ControlClock, _ osc: OSCCounters) -> HTTPSeams {
    HTTPSeams(
      coordinator: coordinator, events: studio.events, clock: clock, persistence: writer,
      archive: Archive(dataFolder: settings.studio.folder, writer: writer), presets: studio.presets,
      health: { health(osc) }, preview: video.previewPNG,
      packages: { [coordinator, packages = studio.packages] in
        [
          "packages": .array(coordinator.view().durable.packages.packages.map(\.json)),
          "rejected": .array(packages.rejected.map(\.json)),
        ]
      },
      openPersistenceEvents: { [feeds] in feeds.subscribe(capacity: StreamEvent.queueLength) },
      countAnswer: telemetry.countRequest, countMutations: telemetry.countMutations,
      acknowledgeLoss: acknowledgeLoss, picture: StatePicture.png(of:))
  }

  /// Everything that health and metrics report, gathered now. Never waits for the disk.
  func health(_ osc: OSCCounters) -> HealthReport {
    let view = coordinator.view()
    return telemetry.report(
      persistence: writer.status(), facts: writer.facts, video: video.counters, osc: osc.figures,
      loss: studio.session.openLoss, valuesOutOfRange: view.valuesOutOfRange, liveValues: view.liveValueCount)
  }

  private func acknowledgeLoss() -> Result<JSONValue, ArchiveRejection> {
    do throws(FileFailure) {
      return .success(try studio.session.acknowledgeLoss()?.json ?? .null)
    } catch {
      return .failure(ArchiveRejection(.failed, "the loss could not be marked as acknowledged: \(error)"))
    }
  }
}
