import Concurrency
import ControlIngress
import Documents
import DurableFiles
import DurableSessions
import HealthReporting
import LiveRuntime
import Logging
import PersistenceMessages
import PersistencePipeline
package import RecoveryWorkbench
import ServiceLifecycle
import Studio
package import StudioState
package import UnixSignals
import VideoOutput

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A studio with its control surfaces, its output, its health and its journal: `afterimage-host` without flags, signals
/// and the exit. ``start(_:journal:)`` opens the data folder, ``run(endingOn:)`` goes on air.
package struct StudioHost: Sendable {
  let settings: HostSettings
  let journal: Journal
  let record: HostRecord
  let feeds: Broadcast<StreamEvent>
  let telemetry: HealthTelemetry
  let studio: StudioSession
  let video: SimulatedDeckLinkOutput

  var coordinator: RuntimeCoordinator { studio.coordinator }
  var writer: PersistenceWriter<SessionStore> { studio.session.writer }

  /// The durable show of this moment.
  package var show: StudioState { coordinator.view().durable }

  /// Runs until one of `signals` arrives, the task is shut down gracefully, or a service fails. Returns what the process
  /// exits with: `io` when something accepted is not on disk. The folder is released in every case. One call.
  package func run(endingOn signals: [UnixSignal] = []) async throws(HostFailure) -> ExitCode {
    // However the host ends by itself, it ends in good order.
    defer { studio.session.release() }
    do throws(HostFailure) {
      return noteEnd(try await goOnAir(signals))
    } catch {
      // Without a port nothing was accepted, so the flush is a formality.
      _ = await writer.shutdown(within: settings.shutdownBudget)
      throw error
    }
  }

  /// - Returns: how the writer ended; nil when its service was cut off.
  private func goOnAir(_ signals: [UnixSignal]) async throws(HostFailure) -> SessionEnd? {
    do {
      try video.start()
    } catch {
      throw HostFailure(.config, error.description)
    }
    defer {
      video.stop()
      removeRecord()
    }
    let clock = ControlClock(
      now: MonotonicClock.now, unixMilliseconds: WallClock.unixMilliseconds, moment: { .now() })
    let osc = OSCServer(
      coordinator: coordinator, clock: clock, presets: studio.presets,
      countMutations: telemetry.countMutations, reportProblem: journal.tell)
    let bound: ListenAddress
    do {
      bound = try await osc.start(on: settings.osc)
    } catch {
      throw HostFailure(error)
    }
    return try await HostServices(self, osc: osc, oscAddress: bound, clock: clock).run(endingOn: signals)
  }

  private func removeRecord() {
    do {
      try record.remove()
    } catch {
      journal.tell("host.json could not be removed: \(error)")
    }
  }

  /// For the services' own errors; the show's events go to the journal.
  var logger: Logger {
    var logger = Logger(label: "afterimage", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .error
    return logger
  }

  func noteStart(osc: ListenAddress, http: ListenAddress) {
    do {
      try record.write(osc: osc, http: http)
    } catch {
      journal.tell(record.words(for: error))
    }
    let restoration = studio.restoration
    journal.note(
      "host.started",
      [
        "pid": .int(Int64(getpid())), "osc": .string(osc.description), "http": .string(http.description),
        "generation": restoration.generation.map { .int($0) } ?? .null,
        "recoveredFrom": restoration.isPlain ? .null : .string(restoration.sourceName),
        "rung": .string(restoration.rung.description),
        "lost": .array(restoration.lost.map { .string($0) }),
      ])
    // A parent process waits for this line.
    journal.hurry()
  }

  private func noteEnd(_ end: SessionEnd?) -> ExitCode {
    // The coordinator's count and not the writer's: a request may never have come to a worker that the disk holds.
    let accepted = coordinator.view().sequence
    let stored = writer.status().storedSequence
    let unsaved = accepted > stored ? accepted - stored : 0
    journal.note(
      "host.stopped",
      [
        "flush": .string((end?.outcome ?? .timedOut).rawValue),
        "generation": end?.generation.map { .int($0) } ?? .null, "unsaved": .int(Int64(clamping: unsaved)),
      ])
    return unsaved == 0 ? .fine : .io
  }
}
