import DurableSessions
import PersistencePipeline
import ServiceLifecycle

/// Flushes what is pending and ends the writer, within the budget, after ingress has stopped.
struct WriterService: Service {
  typealias Report = SessionEnd

  let session: RunningSession
  let budget: Duration
  let onEnd: @Sendable (Report) -> Void

  func run() async throws {
    try? await gracefulShutdown()
    // Apart from this task, because a cancelled one could not wait any more.
    let report = await Task.detached { [session, budget] in await session.writer.shutdown(within: budget) }.value
    onEnd(report)
  }
}
