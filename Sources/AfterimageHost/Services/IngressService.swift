import ControlIngress
import LiveRuntime
import ServiceLifecycle

/// OSC, and the gate of all mutations: the first to stop, so that nothing is accepted that the flush would miss. HTTP
/// goes on answering and refuses mutations.
struct IngressService: Service {
  let coordinator: RuntimeCoordinator
  let osc: OSCServer

  func run() async throws {
    try? await gracefulShutdown()
    coordinator.stopAccepting()
    await osc.stop()
  }
}
