public import Synchronization

/// Hands events to a bounded number of subscribers, each with a bounded queue of its own. Nothing that must not be lost
/// may depend on it: a subscriber that is too slow loses the oldest events and learns how many.
///
/// Publishing makes no system call; subscribers poll. Without subscribers it is one atomic load.
public final class Broadcast<Event: Sendable>: Sendable {
  /// Subscribers at most: the journal and event streams (8) with room to spare.
  public static var maximumSubscribers: Int { 16 }

  @usableFromInline let subscriberCount = Atomic<Int>(0)
  @usableFromInline let subscribers = Mutex<[Subscription]>([])

  public init() {}

  /// Any thread. `event` is evaluated only when there is a subscriber.
  @inlinable
  public func publish(_ event: @autoclosure () -> Event) {
    guard subscriberCount.load(ordering: .relaxed) > 0 else { return }
    let event = event()
    subscribers.withLock { subscribers in
      for subscriber in subscribers { subscriber.append(event) }
    }
  }

  /// Nil when there are ``maximumSubscribers`` already.
  ///
  /// - Parameter capacity: events that wait at most; beyond that the oldest are dropped.
  public func subscribe(capacity: Int) -> Subscription? {
    subscribers.withLock { subscribers in
      guard subscribers.count < Self.maximumSubscribers else { return nil }
      let subscription = Subscription(capacity: capacity, of: self)
      subscribers.append(subscription)
      subscriberCount.store(subscribers.count, ordering: .relaxed)
      return subscription
    }
  }

  private func remove(_ subscription: Subscription) {
    subscribers.withLock { subscribers in
      subscribers.removeAll { $0 === subscription }
      subscriberCount.store(subscribers.count, ordering: .relaxed)
    }
  }

  /// One subscriber's queue.
  public final class Subscription: Sendable {
    @usableFromInline let queue: Mutex<BoundedQueue<Event>>
    private weak let broadcast: Broadcast?

    fileprivate init(capacity: Int, of broadcast: Broadcast) {
      queue = Mutex(BoundedQueue(capacity: capacity, whenFull: .dropOldest))
      self.broadcast = broadcast
    }

    @inlinable
    func append(_ event: Event) {
      queue.withLock { _ = $0.append(event) }
    }

    /// Takes what came since the last call, oldest first, and how many events were dropped in between. Never waits.
    public func drain() -> (events: [Event], dropped: UInt64) {
      let (events, dropped) = queue.withLock { $0.drain() }
      return (events, dropped)
    }

    /// Ends the subscription and makes room for another.
    public func cancel() {
      broadcast?.remove(self)
    }
  }
}
