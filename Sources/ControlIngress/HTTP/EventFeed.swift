import LiveRuntime
public import StudioState

/// One thing that happened, for an event stream.
public struct StreamEvent: Sendable, Equatable {
  /// Such as `persistence.stored`.
  public var name: String
  public var json: JSONValue

  public init(_ name: String, _ json: JSONValue) {
    self.name = name
    self.json = json
  }
}

/// A bounded queue of events for one stream. It is polled, so that whoever fills it never waits; when it is full the
/// oldest are dropped and counted.
public protocol EventFeed: Sendable {
  /// What came since the last call, oldest first, and how many were dropped in between. Never waits.
  func drain() -> (events: [StreamEvent], dropped: UInt64)
  /// Ends the queue and makes room for another.
  func cancel()
}

/// The runtime's events as a feed.
struct RuntimeEventFeed: EventFeed {
  let subscription: RuntimeEventSubscription

  func drain() -> (events: [StreamEvent], dropped: UInt64) {
    let (events, dropped) = subscription.drain()
    return (events.map { StreamEvent($0.name, $0.json) }, dropped)
  }

  func cancel() {
    subscription.cancel()
  }
}
