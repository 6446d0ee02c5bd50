import Concurrency
import Documents
import Hummingbird
import LiveRuntime
import NIOCore
import StudioState
import Synchronization

extension StudioAPI {
  /// Server-sent events: the events of the runtime and the writer from now on.
  func events(_ call: APICall) throws(RequestRejection) -> Response {
    guard let stream = streams.open(seams) else {
      throw RequestRejection(
        503, "tooManyStreams", "there are \(limits.streams) event streams open, or the host is shutting down")
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
      body: ResponseBody { writer in
        // The request is complete, but its connection reports when the client disconnects.
        try await call.request.body.consumeWithInboundCloseHandler { _ in
          try await stream.run(&writer)
        } onInboundClosed: {
          stream.end()
        }
        try await writer.finish(nil)
      })
  }
}

/// The open event streams. Their number is bounded, and all of them end with the server.
final class EventStreams: Sendable {
  private let limit: Int
  private let openCount = Atomic<Int>(0)
  private let isEnding = Atomic<Bool>(false)

  init(limit: Int) {
    self.limit = limit
  }

  /// Nil if there are too many streams, or the server is shutting down.
  func open(_ seams: HTTPSeams) -> EventStream? {
    guard !isEnding.load(ordering: .relaxed) else { return nil }
    guard openCount.wrappingAdd(1, ordering: .relaxed).newValue <= limit,
      let subscription = seams.events.subscribe(capacity: StreamEvent.queueLength)
    else {
      leave()
      return nil
    }
    var feeds: [any EventFeed] = [RuntimeEventFeed(subscription: subscription)]
    if let persistence = seams.openPersistenceEvents() { feeds.append(persistence) }
    return EventStream(feeds, of: self)
  }

  /// Every stream ends at its next poll.
  func end() {
    isEnding.store(true, ordering: .relaxed)
  }

  fileprivate var hasEnded: Bool { isEnding.load(ordering: .relaxed) }

  fileprivate func leave() {
    openCount.wrappingSubtract(1, ordering: .relaxed)
  }
}

/// One client's stream. It polls its queues and writes their events. If a client reads slowly, the write waits and the
/// queues drop their oldest events, so that memory stays bounded. Its deinit frees its place, even if the answer was
/// never sent.
final class EventStream: Sendable {
  private static let pollInterval: Duration = .milliseconds(50)
  /// A comment line every 10 s keeps the connection alive in routers and detects a dead client.
  private static let pollsBetweenComments = 200

  private let feeds: [any EventFeed]
  private let streams: EventStreams
  private let isOver = Atomic<Bool>(false)

  fileprivate init(_ feeds: [any EventFeed], of streams: EventStreams) {
    self.feeds = feeds
    self.streams = streams
  }

  deinit {
    for feed in feeds { feed.cancel() }
    streams.leave()
  }

  func end() {
    isOver.store(true, ordering: .relaxed)
  }

  func run(_ writer: inout any ResponseBodyWriter) async throws {
    try await writer.write(ByteBuffer(string: "retry: 2000\n: events from here on\n\n"))
    var quietPolls = 0
    while true {
      // Read before the queues, so that what came before the end of the server is still written: the last store.
      let isLast = streams.hasEnded
      guard !isOver.load(ordering: .relaxed) else { return }
      let text = feeds.map(Self.text).joined()
      quietPolls = text.isEmpty ? quietPolls + 1 : 0
      if !text.isEmpty {
        try await writer.write(ByteBuffer(string: text))
      } else if quietPolls.isMultiple(of: Self.pollsBetweenComments) {
        try await writer.write(ByteBuffer(string: ": still here\n\n"))
      }
      if isLast { return }
      try await Task.sleep(for: Self.pollInterval)
    }
  }

  private static func text(of feed: any EventFeed) -> String {
    let (events, dropped) = feed.drain()
    let missed = dropped == 0 ? [] : [StreamEvent("stream.dropped", ["events": .int(Int64(clamping: dropped))])]
    // Canonical JSON contains no line break, so one data line is enough.
    return (missed + events).map { "event: \($0.name)\ndata: \(CanonicalJSON.text($0.json))\n\n" }.joined()
  }
}
