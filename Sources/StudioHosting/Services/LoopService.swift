import ServiceLifecycle

/// Work that goes on until the host ends: proving what runs, letting live values settle.
struct LoopService: Service {
  /// Returns when its task is cancelled.
  private let body: @Sendable () async -> Void

  init(_ body: @escaping @Sendable () async -> Void) { self.body = body }

  func run() async throws {
    await cancelWhenGracefulShutdown { await body() }
  }
}
