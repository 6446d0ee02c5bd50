public import Concurrency

/// Hands what happens in the runtime to the journal and to event streams.
public typealias RuntimeEventBus = Broadcast<RuntimeEvent>

public typealias RuntimeEventSubscription = RuntimeEventBus.Subscription

extension RuntimeEventBus {
  func publishMutation(_ mutations: [Mutation], actor: String, result: RuntimeCoordinatorResult) {
    publish(.mutated(sequence: result.sequence, actions: mutations.map(\.actionName), actor: actor))
    if let request = result.persistenceRequest { publish(.runtimePersistenceRequested(request)) }
  }

  func publishSettling(layers: Int, result: RuntimeCoordinatorResult) {
    publish(.settled(layers: layers))
    if let request = result.persistenceRequest { publish(.runtimePersistenceRequested(request)) }
  }
}
