import ControlIngress
import StudioState
import Synchronization

/// What the writer reports, for any number of event streams up to a bound; each has a bounded queue of its own.
final class EventFeeds: Sendable {
  /// The streams of the HTTP interface, with room to spare.
  private static let maximumFeeds = 16
  private static let capacity = 256

  private let feeds = Mutex<[Feed]>([])

  func publish(_ event: StreamEvent) {
    feeds.withLock { feeds in
      for feed in feeds { feed.append(event) }
    }
  }

  func open() -> (any EventFeed)? {
    feeds.withLock { feeds in
      guard feeds.count < Self.maximumFeeds else { return nil }
      let feed = Feed { [weak self] in self?.close($0) }
      feeds.append(feed)
      return feed
    }
  }

  private func close(_ feed: Feed) {
    feeds.withLock { $0.removeAll { $0 === feed } }
  }

  private final class Feed: EventFeed {
    private struct Queue {
      var events: [StreamEvent] = []
      var dropped: UInt64 = 0
    }

    private let queue = Mutex(Queue())
    private let onCancel: @Sendable (Feed) -> Void

    init(onCancel: @escaping @Sendable (Feed) -> Void) { self.onCancel = onCancel }

    func append(_ event: StreamEvent) {
      queue.withLock { queue in
        if queue.events.count == capacity {
          queue.events.removeFirst()
          queue.dropped += 1
        }
        queue.events.append(event)
      }
    }

    func drain() -> (events: [StreamEvent], dropped: UInt64) {
      let taken = queue.withLock { queue in
        defer { queue = Queue() }
        return queue
      }
      return (taken.events, taken.dropped)
    }

    func cancel() { onCancel(self) }
  }
}
