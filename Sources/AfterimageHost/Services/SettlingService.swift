import LiveRuntime
import ServiceLifecycle

/// Lets live values settle, and asks every so often whether the generation on air is proven by now.
struct SettlingService: Service {
  /// A tenth of the quiet time: nobody sees the difference.
  private static let interval = Duration.milliseconds(50)

  let coordinator: RuntimeCoordinator
  let proving: Proving

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        coordinator.settle(now: SystemTime.uptime())
        await proving.look()
        try? await Task.sleep(for: Self.interval)
      }
    }
  }
}
