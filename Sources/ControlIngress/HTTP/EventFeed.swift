public import Concurrency
public import Documents
import LiveRuntime

/// One event of an event stream.
public struct StreamEvent: Sendable, Equatable {
  /// Most events in one queue between two polls of a stream: 50 ms of 5,000 mutations per second.
  public static let queueLength = 256

  /// The event's name, such as `persistence.stored`.
  public var name: String
  public var json: JSONValue

  public init(_ name: String, _ json: JSONValue) {
    self.name = name
    self.json = json
  }
}

/// A bounded queue of events for one stream. It is polled, so that publishers never wait. When it is full, the oldest
/// events are dropped and counted.
public protocol EventFeed: Sendable {
  /// The events since the last call, oldest first, and the number of dropped ones. Never waits.
  func drain() -> (events: [StreamEvent], dropped: UInt64)
  /// Ends the queue and frees its place.
  func cancel()
}

extension Broadcast.Subscription: EventFeed where Event == StreamEvent {}

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
