import PersistencePipeline
import ServiceLifecycle
import Synchronization

/// Flushes what is pending and ends the writer, within the budget, after ingress has stopped.
struct WriterService: Service {
  typealias Report = PersistenceWriter<HostStore>.ShutdownReport

  let writer: PersistenceWriter<HostStore>
  let budget: Duration
  let onEnd: @Sendable (Report) -> Void

  func run() async throws {
    try? await gracefulShutdown()
    // Apart from this task, because a cancelled one could not wait any more.
    let report = await Task.detached { [writer, budget] in await writer.shutdown(within: budget) }.value
    onEnd(report)
  }
}
