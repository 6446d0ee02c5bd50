import DurableSessions
public import LiveRuntime
public import PersistenceMessages
import PersistencePipeline

// For programs that change the show themselves: mutations without a clock, and receipts.

extension StudioSession {
  /// Performs all of `mutations` as one, or none of them. Never waits for a disk. Any thread.
  ///
  /// - Parameter actor: the origin of the change, such as `foyer`; generations name it.
  /// - Throws: why the first refused mutation was refused; nothing has changed then.
  @discardableResult
  public func perform(_ mutations: [Mutation], actor: String) throws(MutationRejection) -> RuntimeCoordinatorResult {
    try coordinator.perform(mutations, actor: actor, now: time.uptime())
  }

  /// Waits until everything that was performed so far is durable.
  ///
  /// - Returns: `stored` with the generation that holds it, or why there is no receipt: after `timedOut` the change stays
  ///   in memory, and the writer keeps trying.
  public func stored(within timeout: Duration) async -> StoreWait {
    await session.writer.waitUntilStored(coordinator.view().sequence, timeout: timeout)
  }
}
