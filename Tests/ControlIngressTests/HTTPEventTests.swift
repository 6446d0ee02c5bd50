import ControlIngress
import Documents
import LiveRuntime
import StudioState
import Synchronization
import Testing

private let opened = "events from here on"

private func open(_ client: HTTPClient, receiveBytes: Int32? = nil) async throws -> RawSocket {
  let socket = try await RawSocket.connected(.tcp, port: client.port, receiveBytes: receiveBytes)
  try await socket.send(Array(client.request("GET", "/api/v1/events").utf8))
  return socket
}

/// A feed that gives what it is told, once.
private final class ManualFeed: EventFeed {
  private let waiting: Mutex<(events: [StreamEvent], dropped: UInt64)>
  let isDrained = Flag(false)
  let isCancelled = Flag(false)

  init(_ events: [StreamEvent], dropped: UInt64 = 0) {
    waiting = Mutex((events, dropped))
  }

  func drain() -> (events: [StreamEvent], dropped: UInt64) {
    defer { isDrained.isOn = true }
    return waiting.withLock { waiting in
      defer { waiting = ([], 0) }
      return waiting
    }
  }

  func cancel() { isCancelled.isOn = true }
}

@Test(.timeLimit(.minutes(1))) func eventsAreStreamedAsTheyHappen() async throws {
  var fixture = try HTTPFixture()
  let feed = ManualFeed([StreamEvent("persistence.stored", ["generation": 7])], dropped: 3)
  fixture.persistenceEvents = { feed }
  let coordinator = fixture.studio.coordinator
  try await fixture.serve { client in
    let socket = try await open(client)
    let head = try await socket.receive(until: #"data: {"generation":7}"#)
    #expect(head.contains("text/event-stream"))
    #expect(head.contains("event: stream.dropped\ndata: {\"events\":3}\n\nevent: persistence.stored\n"))
    try coordinator.perform([.setOpacity(try #require(LayerID("bars")), 0.5)], actor: "test", now: .zero)
    let events = try await socket.receive(until: "persistence.requested")
    #expect(events.contains("event: runtime.mutated\ndata: {\"actions\":[\"opacity.set\"],\"actor\":\"test\""))
  }
  #expect(feed.isCancelled.isOn)
}

@Test(.timeLimit(.minutes(1))) func streamsAreBoundedAndGiveTheirPlacesBack() async throws {
  var fixture = try HTTPFixture()
  fixture.limits.streams = 1
  try await fixture.serve { client in
    do {
      let first = try await open(client)
      _ = try await first.receive(until: opened)
      let second = try await client.send("GET", "/api/v1/events")
      #expect(second.status == 503)
      #expect(second.errorCode == "tooManyStreams")
    }
    // The first client is gone. The server sees it at once, and not only when its next comment (10 s) can't be sent.
    let clock = ContinuousClock()
    let left = clock.now
    while true {
      let socket = try await open(client)
      if try await socket.receive(until: "\r\n\r\n").contains("200 OK") { break }
    }
    #expect(clock.now - left < .seconds(8))
  }
}

@Test(.timeLimit(.minutes(1))) func anOpenStreamEndsWithTheServer() async throws {
  var fixture = try HTTPFixture()
  // The stream is to end by itself, also on a machine that is busy with the other tests.
  fixture.limits.shutdownGrace = .seconds(20)
  let sockets = Recorder<RawSocket>()
  try await fixture.serve { client in
    let socket = try await open(client)
    sockets.append(socket)
    _ = try await socket.receive(until: opened)
  }
  // Ended in order: the last chunk of the answer came.
  let rest = try await sockets.elements[0].receiveAll()
  #expect(String(decoding: rest, as: UTF8.self).hasSuffix("0\r\n\r\n"))
}

@Test(.timeLimit(.minutes(1))) func aStreamThatIsNeverReadDoesNotHoldTheShutdown() async throws {
  var fixture = try HTTPFixture()
  // More than all socket buffers together (4 MB), so that the server is in the middle of writing it.
  let feed = ManualFeed([StreamEvent("large", .string(String(repeating: "x", count: 8 << 20)))])
  fixture.persistenceEvents = { feed }
  let sockets = Recorder<RawSocket>()
  let clock = ContinuousClock()
  var triggered = clock.now
  try await fixture.serve { client in
    sockets.append(try await open(client, receiveBytes: 4096))
    while !feed.isDrained.isOn { await Task.yield() }
    triggered = clock.now
  }
  // 500 ms of grace, and room for a loaded machine.
  #expect(clock.now - triggered < .seconds(10))
  #expect(feed.isCancelled.isOn)
}

@Test(.timeLimit(.minutes(1))) func aStreamThatIsNeverReadIsCutOff() async throws {
  var fixture = try HTTPFixture()
  fixture.limits.stall = .milliseconds(50)
  let feed = ManualFeed([StreamEvent("large", .string(String(repeating: "x", count: 8 << 20)))])
  fixture.persistenceEvents = { feed }
  try await fixture.serve { client in
    let socket = try await open(client, receiveBytes: 4096)
    while !feed.isCancelled.isOn { await Task.yield() }
    _ = socket
  }
}
