import ControlIngress
import LiveRuntime
import ServiceLifecycle

/// Ends OSC and refuses all further mutations. HTTP goes on answering questions.
struct IngressService: Service {
  let coordinator: RuntimeCoordinator
  let osc: OSCServer

  func run() async throws {
    try? await gracefulShutdown()
    coordinator.stopAccepting()
    await osc.stop()
  }
}
