import DurableSessions
import PersistencePipeline
import ServiceLifecycle

/// Flushes what is pending and ends the writer, within the budget, after ingress has stopped.
struct WriterService: Service {
  let session: RunningSession
  let budget: Duration
  let end: WriterEnd

  func run() async throws {
    try? await gracefulShutdown()
    // Detached, because a cancelled task could not wait any more.
    end.note(await Task.detached { [session, budget] in await session.writer.shutdown(within: budget) }.value)
  }
}
