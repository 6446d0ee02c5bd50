import Concurrency
import ControlIngress
import Documents
import DurableFiles
import DurableSessions
import GenerationStore
import HealthReporting
import LiveRuntime
import Logging
import PersistenceMessages
import PersistencePipeline
import PresetLibrary
import RecoveryWorkbench
import RenderSnapshots
import ServiceLifecycle
import Studio
import StudioState
import Synchronization
import UnixSignals
import VideoOutput

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The running host: everything wired together, nothing decided here.
struct StudioHost {
  static let version = ProgramVersion.current

  let settings: HostSettings
  let journal: Journal
  let record: HostRecord
  let feeds: EventFeeds
  let telemetry: HealthTelemetry
  let studio: StudioSession
  let video: SimulatedDeckLinkOutput

  private var coordinator: RuntimeCoordinator { studio.coordinator }
  private var writer: PersistenceWriter<SessionStore> { studio.session.writer }
  private var restoration: Restoration { studio.restoration }

  /// Runs until one of ``EndingSignals`` arrives, or until a service fails; returns the exit code.
  func run() async throws(HostFailure) -> HostExit {
    let clock = ControlClock(
      now: SystemTime.uptime, unixMilliseconds: SystemTime.unixMilliseconds, moment: { .now() })
    let osc = OSCServer(
      coordinator: coordinator, clock: clock, presets: studio.presets,
      countMutations: telemetry.countMutations, reportProblem: { [journal] in journal.tell($0) })
    do {
      try video.start()
    } catch {
      throw HostFailure(.config, error.description)
    }
    let report = Mutex<WriterService.Report?>(nil)
    let ending: Result<Void, HostFailure>
    do throws(HostFailure) {
      try await serve(osc, clock: clock) { ended in report.withLock { $0 = ended } }
      ending = .success(())
    } catch {
      ending = .failure(error)
    }
    video.stop()
    do {
      try record.remove()
    } catch {
      journal.tell("host.json could not be removed: \(error)")
    }
    if case .failure(let failure) = ending {
      // A port could not be bound: nothing was accepted, so the flush is a formality.
      _ = await writer.shutdown(within: settings.shutdownBudget)
      throw failure
    }
    return noteEnd(report.withLock { $0 })
  }

  private func serve(
    _ osc: OSCServer, clock: ControlClock, onEnd: @escaping @Sendable (WriterService.Report) -> Void
  ) async throws(HostFailure) {
    let bound: ListenAddress
    do {
      bound = try await osc.start(on: settings.osc)
    } catch {
      throw HostFailure(error)
    }
    let http = HTTPServer(
      address: settings.http, seams: seams(clock, osc.counters), limits: settings.httpLimits, logger: logger
    ) { address in
      noteStart(osc: bound, http: address)
    }
    // Services stop one at a time, the last one first: ingress, then the flush, then HTTP.
    var configuration = ServiceGroupConfiguration(
      services: [
        .init(service: http),
        .init(service: WriterService(session: studio.session, budget: settings.shutdownBudget, onEnd: onEnd)),
        .init(service: LoopService { [studio] in await studio.prove() }),
        .init(service: LoopService { [studio] in await studio.settle() }),
        .init(service: IngressService(coordinator: coordinator, osc: osc)),
      ], gracefulShutdownSignals: EndingSignals.all(ignoresHangUp: EndingSignals.isHangUpIgnored),
      logger: logger)
    // HTTP gets this long to end after the flush; streams end by themselves within 0.5 s.
    configuration.maximumGracefulShutdownDuration = settings.shutdownBudget + .seconds(2)
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let problem as ListenFailure {
      await osc.stop()
      throw HostFailure(problem)
    } catch {
      await osc.stop()
      throw HostFailure(.io, "the host stopped because a service failed: \(error)")
    }
  }

  private var logger: Logger {
    var logger = Logger(label: "afterimage", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .error
    return logger
  }

  private func seams(_ clock: ControlClock, _ osc: OSCCounters) -> HTTPSeams {
    let report: @Sendable () -> HealthReport = { [telemetry, writer, video, studio] in
      let view = studio.coordinator.view()
      return telemetry.report(
        persistence: writer.status(), facts: writer.facts, video: video.counters, osc: osc.figures,
        loss: studio.session.openLoss, valuesOutOfRange: view.valuesOutOfRange, liveValues: view.liveValueCount)
    }
    return HTTPSeams(
      coordinator: coordinator, events: studio.events, clock: clock, persistence: writer,
      archive: Archive(dataFolder: settings.dataFolder, writer: writer), presets: studio.presets,
      health: {
        let health = report()
        return HealthReading(json: health.json, isHealthy: health.isHealthy, summary: health.word.rawValue)
      },
      metrics: { report().prometheusText }, preview: { [video] in video.previewPNG() },
      packages: { [coordinator, packages = studio.packages] in
        [
          "packages": .array(coordinator.view().durable.packages.packages.map(\.json)),
          "rejected": .array(packages.rejected.map(\.json)),
        ]
      },
      openPersistenceEvents: { [feeds] in feeds.open() },
      countAnswer: telemetry.countRequest, countMutations: telemetry.countMutations,
      acknowledgeLoss: { acknowledgeLoss() }, picture: StatePicture.png(of:))
  }

  private func acknowledgeLoss() -> Result<JSONValue, ArchiveRejection> {
    do throws(FileFailure) {
      return .success(try studio.session.acknowledgeLoss()?.json ?? .null)
    } catch {
      return .failure(ArchiveRejection(.failed, "the loss could not be marked as acknowledged: \(error)"))
    }
  }

  private func noteStart(osc: ListenAddress, http: ListenAddress) {
    do {
      try record.write(osc: osc, http: http)
    } catch {
      journal.tell(record.words(for: error))
    }
    journal.note(
      "host.started",
      [
        "pid": .int(Int64(getpid())), "osc": .string(osc.description), "http": .string(http.description),
        "generation": restoration.generation.map { .int($0) } ?? .null,
        "recoveredFrom": restoration.isPlain ? .null : .string(restoration.sourceName),
        "rung": .string(restoration.rung.description),
        "lost": .array(restoration.lost.map { .string($0) }),
      ])
    // Whoever started the host waits for this line.
    journal.hurry()
  }

  private func noteEnd(_ report: WriterService.Report?) -> HostExit {
    // The coordinator's count and not the writer's: a request may never have come to a worker that the disk holds.
    let accepted = coordinator.view().sequence
    let stored = writer.status().storedSequence
    let unsaved = accepted > stored ? accepted - stored : 0
    journal.note(
      "host.stopped",
      [
        "flush": .string((report?.outcome ?? .timedOut).rawValue),
        "generation": report?.generation.map { .int($0) } ?? .null, "unsaved": .int(Int64(clamping: unsaved)),
      ])
    return unsaved == 0 ? .fine : .io
  }
}
