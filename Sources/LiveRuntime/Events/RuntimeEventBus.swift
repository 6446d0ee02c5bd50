import Synchronization

/// Hands runtime events to a bounded number of subscribers, each with a bounded queue. Nothing that must not be lost may
/// depend on it: a subscriber that is too slow loses the oldest events and is told how many.
///
/// Publishing makes no system call; subscribers poll. Without subscribers it is one atomic load.
public final class RuntimeEventBus: Sendable {
  /// Subscribers at most: the journal and event streams (8) with room to spare.
  public static let maximumSubscribers = 16

  private let subscriberCount = Atomic<Int>(0)
  private let subscribers = Mutex<[RuntimeEventSubscription]>([])

  public init() {}

  public func publish(_ event: @autoclosure () -> RuntimeEvent) {
    guard subscriberCount.load(ordering: .relaxed) > 0 else { return }
    let event = event()
    subscribers.withLock { subscribers in
      for subscriber in subscribers { subscriber.append(event) }
    }
  }

  /// Nil when there are ``maximumSubscribers`` already.
  ///
  /// - Parameter capacity: events that wait at most; beyond that the oldest are dropped.
  public func subscribe(capacity: Int) -> RuntimeEventSubscription? {
    subscribers.withLock { subscribers in
      guard subscribers.count < Self.maximumSubscribers else { return nil }
      let subscription = RuntimeEventSubscription(capacity: capacity, bus: self)
      subscribers.append(subscription)
      subscriberCount.store(subscribers.count, ordering: .relaxed)
      return subscription
    }
  }

  fileprivate func remove(_ subscription: RuntimeEventSubscription) {
    subscribers.withLock { subscribers in
      subscribers.removeAll { $0 === subscription }
      subscriberCount.store(subscribers.count, ordering: .relaxed)
    }
  }

  func publishMutation(_ mutations: [Mutation], actor: String, result: RuntimeCoordinatorResult) {
    publish(.mutated(sequence: result.sequence, actions: mutations.map(\.actionName), actor: actor))
    if let request = result.persistenceRequest { publish(.runtimePersistenceRequested(request)) }
  }

  func publishSettling(layers: Int, result: RuntimeCoordinatorResult) {
    publish(.settled(layers: layers))
    if let request = result.persistenceRequest { publish(.runtimePersistenceRequested(request)) }
  }
}

/// One subscriber's queue.
public final class RuntimeEventSubscription: Sendable {
  private struct Queue {
    var events: [RuntimeEvent] = []
    /// Where the oldest event lies once the queue is full and has become a ring.
    var oldest = 0
    var dropped: UInt64 = 0
  }

  private let capacity: Int
  private let queue = Mutex(Queue())
  private weak let bus: RuntimeEventBus?

  fileprivate init(capacity: Int, bus: RuntimeEventBus) {
    precondition(capacity > 0, "a queue without room delivers nothing")
    self.capacity = capacity
    self.bus = bus
  }

  fileprivate func append(_ event: RuntimeEvent) {
    queue.withLock { queue in
      if queue.events.count < capacity {
        queue.events.append(event)
      } else {
        queue.events[queue.oldest] = event
        queue.oldest = (queue.oldest + 1) % capacity
        queue.dropped += 1
      }
    }
  }

  /// Takes what has come since the last call, oldest first, and how many events were dropped in between. Never waits.
  public func drain() -> (events: [RuntimeEvent], dropped: UInt64) {
    let taken = queue.withLock { queue in
      defer { queue = Queue() }
      return queue
    }
    return (Array(taken.events[taken.oldest...] + taken.events[..<taken.oldest]), taken.dropped)
  }

  /// Ends the subscription and makes room for another.
  public func cancel() {
    bus?.remove(self)
  }
}
