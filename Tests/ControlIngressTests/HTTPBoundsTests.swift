import ControlIngress
import ServiceLifecycle
import StudioState
import Synchronization
import Testing

@Test func bodiesBeyondTheirBoundAreRefused() async throws {
  var fixture = try HTTPFixture()
  fixture.limits.bodyBytes = 1000
  fixture.limits.presetBytes = 5000
  try await fixture.serve { client in
    let padding = String(repeating: " ", count: 2000)
    let announced = try await client.send("PUT", "/api/v1/layers/plasma/opacity", #"{"value":1}"# + padding)
    #expect(announced.status == 413)
    #expect(announced.errorCode == "tooLarge")
    let chunk = "7D0\r\n\(padding)\r\n0\r\n\r\n"
    let chunked = try await client.send(
      "PUT", "/api/v1/layers/plasma/opacity", chunk, headers: "Transfer-Encoding: chunked\r\nX: Content-Length:\r\n")
    #expect(chunked.status == 413)
    let preset = #"{"layers":[]}"# + padding
    #expect(try await client.send("PUT", "/api/v1/presets/a", preset).status == 200)
    #expect(try await client.send("PUT", "/api/v1/presets/a", preset + padding + padding).status == 413)
  }
  #expect(fixture.studio.requests.elements.isEmpty)
}

@Test func pagesOfOtherSitesAreRefused() async throws {
  try await HTTPFixture().serve { client in
    let path = "/api/v1/layers/plasma/opacity"
    let foreign = try await client.send("PUT", path, #"{"value":0}"#, headers: "Origin: http://evil.example\r\n")
    #expect(foreign.status == 403)
    #expect(foreign.errorCode == "foreignOrigin")
    let rebound = try await client.send("GET", "/api/v1/state", headers: "Host: evil.example:\(client.port)\r\n")
    #expect(rebound.status == 403)
    #expect(rebound.errorCode == "foreignHost")
    let fetched = try await client.send("GET", "/api/v1/state", headers: "Sec-Fetch-Site: cross-site\r\n")
    #expect(fetched.status == 403)
    #expect(fetched.errorCode == "foreignOrigin")
    #expect(try await client.send("GET", "/api/v1/state", headers: "Sec-Fetch-Site: none\r\n").status == 200)
    let own = "Origin: http://127.0.0.1:\(client.port)\r\n"
    #expect(try await client.send("PUT", path, #"{"value":0}"#, headers: own).status == 202)
  }
}

@Test func aConnectionServesManyRequests() async throws {
  try await HTTPFixture().serve { client in
    let socket = try await RawSocket.connected(.tcp, port: client.port)
    for _ in 0..<3 {
      try await socket.send(Array(client.request("GET", "/healthz").utf8))
      #expect(try await socket.receive(until: "ok\n").contains("200 OK"))
    }
  }
}

@Test func aBusyPortIsNamed() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    let second = fixture.group(ListenAddress(host: "127.0.0.1", port: client.port)) { _ in }
    let problem = await #expect(throws: ListenFailure.self) { try await second.run() }
    #expect(problem?.code == .inUse)
    #expect(problem?.description.contains("127.0.0.1:\(client.port)") == true)
  }
}

@Test(.timeLimit(.minutes(1))) func aRequestThatNeverArrivesDoesNotHoldTheShutdown() async throws {
  let fixture = try HTTPFixture()
  let sockets = Recorder<RawSocket>()
  let clock = ContinuousClock()
  var answered = clock.now
  try await fixture.serve { client in
    for request in [
      "GET /api/v1/state HTTP/1.1\r\n",
      "PUT /api/v1/config HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{",
    ] {
      let socket = try await RawSocket.connected(.tcp, port: client.port)
      try await socket.send(Array(request.utf8))
      sockets.append(socket)
    }
    // The server has seen both once it has answered a later request.
    #expect(try await client.send("GET", "/healthz").status == 200)
    answered = clock.now
  }
  // 500 ms of grace; the idle limit would take 30 s.
  #expect(clock.now - answered < .seconds(10))
}

@Test(.timeLimit(.minutes(1))) func aBodyThatNeverArrivesEndsItsConnection() async throws {
  var fixture = try HTTPFixture()
  fixture.limits.bodyArrival = .milliseconds(50)
  try await fixture.serve { client in
    let socket = try await RawSocket.connected(.tcp, port: client.port)
    let request = client.request("PUT", "/api/v1/config", "{", headers: "Content-Length: 100\r\n")
    try await socket.send(Array(request.utf8))
    let clock = ContinuousClock()
    let sent = clock.now
    _ = try? await socket.receiveAll()
    #expect(clock.now - sent < .seconds(8))
    #expect(try await client.send("GET", "/healthz").status == 200)
  }
}
