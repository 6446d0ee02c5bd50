import Concurrency
import ControlIngress
import HealthReporting
import LiveRuntime
import PersistenceMessages
import StudioState
import Testing

private func withServer(_ body: (ControlFixture, OSCServer, RawSocket) async throws -> Void) async throws {
  let fixture = try ControlFixture()
  let server = OSCServer(coordinator: fixture.coordinator, clock: fixture.clock, presets: fixture.shelf)
  let address = try await server.start(on: ListenAddress(host: "127.0.0.1", port: 0))
  #expect(address.port != 0)
  let socket = try await RawSocket.connected(.udp, port: address.port)
  do {
    try await body(fixture, server, socket)
  } catch {
    await server.stop()
    throw error
  }
  await server.stop()
  #expect(server.boundAddress == nil)
}

private func send(_ socket: RawSocket, _ address: String, _ arguments: OSCArgument...) async throws {
  try await socket.send(OSCEncoder.encode(.message(OSCMessage(address, arguments))))
}

/// Everything that was sent before has been performed once this returns: packets of one socket keep their order.
private func ping(_ socket: RawSocket) async throws {
  try await send(socket, "/studio/ping", .int32(42))
  #expect(try OSCDecoder.packet(try await socket.receive()) == .message(OSCMessage("/studio/pong", [.int32(42)])))
}

@Test func packetsOnTheSocketChangeTheShow() async throws {
  try await withServer { fixture, server, socket in
    try await send(socket, "/studio/layers/plasma/parameters/mix", .float(0.75))
    try await socket.send([1, 2, 3])
    try await ping(socket)
    #expect(try fixture.value("plasma", "mix") == .double(0.75))
    let figures = server.counters.figures
    #expect(figures.packets == 3)
    #expect(figures.badPackets == 1)
    #expect(figures.refused == 0)
  }
}

@Test func theSenderIsTheActor() async throws {
  try await withServer { fixture, _, socket in
    try await send(socket, "/studio/live/store")
    try await ping(socket)
    let actor = try #require(fixture.requests.elements.first?.actor)
    #expect(actor.hasPrefix("osc:127.0.0.1:"))
  }
}

@Test func theLargestDatagramIsReadWhole() async throws {
  try await withServer { fixture, server, socket in
    let text = String(repeating: "x", count: 65_400)
    try await send(socket, "/studio/layers/plasma/parameters/title", .string(text))
    try await ping(socket)
    #expect(server.counters.figures.badPackets == 0)
    // Too long for a parameter, not for the socket.
    #expect(server.counters.figures.refused == 1)
  }
}

@Test func presetsAreLoadedOffTheSocketsThread() async throws {
  try await withServer { fixture, server, socket in
    var saved = try ControlFixture.state()
    let bars = try #require(LayerID("bars"))
    saved.layers.remove(bars)
    try fixture.shelf.save("evening", saved)
    let events = try #require(fixture.events.subscribe(capacity: 8))
    try await send(socket, "/studio/presets/load", .string("evening"))
    while events.drain().events.isEmpty { await Task.yield() }
    #expect(fixture.view.durable.layers.map(\.id.rawValue) == ["plasma"])
    #expect(fixture.requests.elements.map(\.reason) == ["preset.load"])
    try await send(socket, "/studio/presets/load", .string("nothing"))
    while server.counters.figures.refused == 0 { await Task.yield() }
    #expect(fixture.requests.elements.count == 1)
  }
}

@Test func aBusyPortSaysWhoseItIs() async throws {
  try await withServer { fixture, server, _ in
    let taken = try #require(server.boundAddress)
    let second = OSCServer(coordinator: fixture.coordinator, clock: fixture.clock, presets: fixture.shelf)
    let problem = await #expect(throws: ListenFailure.self) { _ = try await second.start(on: taken) }
    #expect(problem?.code == .inUse)
    #expect(problem?.description.contains(taken.description) == true)
  }
}

@Test func anAddressThatIsNotOursSaysSo() async throws {
  let fixture = try ControlFixture()
  let server = OSCServer(coordinator: fixture.coordinator, clock: fixture.clock, presets: fixture.shelf)
  // TEST-NET-1: no machine has it.
  let problem = await #expect(throws: ListenFailure.self) {
    _ = try await server.start(on: ListenAddress(host: "192.0.2.1", port: 0))
  }
  #expect(problem?.code == .failed)
}
