import LiveRuntime
import ServiceLifecycle

/// Lets live values settle.
struct SettlingService: Service {
  /// A tenth of the quiet time: nobody sees the difference.
  private static let interval = Duration.milliseconds(50)

  let coordinator: RuntimeCoordinator

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        coordinator.settle(now: SystemTime.uptime())
        try? await Task.sleep(for: Self.interval)
      }
    }
  }
}
