import ControlIngress
import DurableSessions
import RecoveryWorkbench
import ServiceLifecycle
import Studio
import Synchronization
import UnixSignals

/// The parts of a running host in the order in which they start. They stop one at a time, the last one first.
enum HostPart: CaseIterable, Sendable {
  /// Answers until everything else has ended: a waiting request gets its receipt, an event stream the last store.
  case http
  /// Flushes what is pending, after nothing more is accepted.
  case writer
  case proving
  case settling
  /// OSC, and the gate of all mutations: the first to stop, so that the flush misses nothing.
  case ingress
}

/// Runs the parts of a host until it ends.
struct HostServices {
  private let host: StudioHost
  private let osc: OSCServer
  private let oscAddress: ListenAddress
  private let clock: ControlClock
  private let end = WriterEnd()

  init(_ host: StudioHost, osc: OSCServer, oscAddress: ListenAddress, clock: ControlClock) {
    self.host = host
    self.osc = osc
    self.oscAddress = oscAddress
    self.clock = clock
  }

  /// - Returns: how the writer ended; nil when its service was cut off.
  func run(endingOn signals: [UnixSignal]) async throws(HostFailure) -> SessionEnd? {
    var configuration = ServiceGroupConfiguration(
      services: HostPart.allCases.map { .init(service: service($0)) }, gracefulShutdownSignals: signals,
      logger: host.logger)
    // HTTP gets this long to end after the flush; streams end by themselves within 0.5 s.
    configuration.maximumGracefulShutdownDuration = host.settings.shutdownBudget + .seconds(2)
    do {
      try await ServiceGroup(configuration: configuration).run()
      return end.value
    } catch let failure as ListenFailure {
      await osc.stop()
      throw HostFailure(failure)
    } catch {
      await osc.stop()
      throw HostFailure(.io, "the host stopped because a service failed: \(error)")
    }
  }

  private func service(_ part: HostPart) -> any Service {
    switch part {
    case .http:
      HTTPServer(
        address: host.settings.http, seams: host.seams(clock, osc.counters), limits: host.settings.httpLimits,
        logger: host.logger
      ) { [host, oscAddress] in host.noteStart(osc: oscAddress, http: $0) }
    case .writer: WriterService(session: host.studio.session, budget: host.settings.shutdownBudget, end: end)
    case .proving: LoopService(host.studio.prove)
    case .settling: LoopService(host.studio.settle)
    case .ingress: IngressService(coordinator: host.coordinator, osc: osc)
    }
  }
}

/// How the writer ended, once it has.
final class WriterEnd: Sendable {
  private let end = Mutex<SessionEnd?>(nil)

  var value: SessionEnd? { end.withLock { $0 } }

  func note(_ end: SessionEnd) { self.end.withLock { $0 = end } }
}
