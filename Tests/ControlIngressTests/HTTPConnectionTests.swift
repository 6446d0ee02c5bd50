import ControlIngress
import Documents
import StudioState
import Testing

// Clients that open connections, hold them, or send bodies that are not read.

@Test(.timeLimit(.minutes(1))) func idleConnectionsKeepNobodyOut() async throws {
  var fixture = try HTTPFixture()
  // Nothing but the need for their places ends the idle ones.
  fixture.limits.requestArrival = .seconds(300)
  fixture.limits.idle = .seconds(300)
  try await fixture.serve { client in
    var idle: [RawSocket] = []
    for _ in 0..<256 { idle.append(try await RawSocket.connected(.tcp, port: client.port)) }
    let clock = ContinuousClock()
    let begun = clock.now
    for _ in 0..<20 {
      #expect(try await client.send("GET", "/healthz").status == 200)
      #expect(try await client.send("PUT", "/api/v1/layers/plasma/opacity", #"{"value":1}"#).status == 202)
    }
    #expect(clock.now - begun < .seconds(20))
    // The oldest ones gave way, to the share of one address.
    #expect(try await idle[0].receiveAll().isEmpty)
  }
}

@Test(.timeLimit(.minutes(1))) func aConnectionInUseIsNotTheOneThatGivesWay() async throws {
  var fixture = try HTTPFixture()
  fixture.limits.connectionsPerAddress = 8
  try await fixture.serve { client in
    let used = try await RawSocket.connected(.tcp, port: client.port)
    let request = Array(client.request("GET", "/healthz").utf8)
    var idle: [RawSocket] = []
    for _ in 0..<40 {
      try await used.send(request)
      #expect(try await used.receive(until: "ok\n").contains("200 OK"))
      idle.append(try await RawSocket.connected(.tcp, port: client.port))
    }
  }
}

@Test(.timeLimit(.minutes(1))) func aWatchdogIsAnsweredWhileEveryPlaceIsTaken() async throws {
  var fixture = try HTTPFixture()
  fixture.limits.connections = 4
  fixture.limits.reservedConnections = 2
  try await fixture.serve { client in
    var slow: [RawSocket] = []
    for _ in 0..<4 {
      let socket = try await RawSocket.connected(.tcp, port: client.port)
      try await socket.send(Array(client.request("PUT", "/api/v1/config", "{", headers: "Content-Length: 9\r\n").utf8))
      slow.append(socket)
    }
    // All four have begun once a further one is refused.
    var refused = try await client.send("GET", "/api/v1/state")
    for _ in 0..<500 where refused.status != 503 { refused = try await client.send("GET", "/api/v1/state") }
    #expect(refused.status == 503)
    #expect(refused.errorCode == "tooManyConnections")
    #expect(refused.headers["connection"] == "close")
    for _ in 0..<20 { #expect(try await client.send("GET", "/healthz").status == 200) }
    try await slow[0].send(Array("       }".utf8))
    #expect(try await slow[0].receive(until: "\r\n\r\n").contains("202 Accepted"))
    #expect(try await client.send("GET", "/api/v1/state").status == 200)
  }
}

@Test(.timeLimit(.minutes(1)), arguments: ["", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "])
func aRequestThatDoesNotBeginEndsItsConnection(start: String) async throws {
  var fixture = try HTTPFixture()
  fixture.limits.requestArrival = .seconds(2)
  try await fixture.serve { client in
    let request = Array(client.request("GET", "/healthz").utf8)
    let used = try await RawSocket.connected(.tcp, port: client.port)
    try await used.send(request)
    #expect(try await used.receive(until: "ok\n").contains("200 OK"))
    let silent = try await RawSocket.connected(.tcp, port: client.port)
    try await silent.send(Array(start.utf8))
    #expect(try await silent.receiveAll().isEmpty)
    // The other one is older, but it has shown a request.
    try await used.send(request)
    #expect(try await used.receive(until: "ok\n").contains("200 OK"))
  }
  #expect(HTTPLimits().requestArrival == .seconds(5))
}

/// How a client sends a body that is too large: its head, and what comes after it.
private let tooLarge: [(head: String, rest: String)] = [
  ("Content-Length: 1000000000\r\n", "x"), ("Transfer-Encoding: chunked\r\nX: Content-Length:\r\n", "4\r\nxxxx\r\n"),
]

@Test(.timeLimit(.minutes(1)), arguments: tooLarge)
func afterA413TheAnswerCanBeReadAndTheConnectionEndsWithinASecond(head: String, rest: String) async throws {
  var fixture = try HTTPFixture()
  fixture.limits.bodyBytes = 1000
  // Longer than a busy machine may delay what comes with the answer.
  fixture.limits.linger = .seconds(6)
  try await fixture.serve { client in
    let socket = try await RawSocket.connected(.tcp, port: client.port)
    let chunk = Array(String(repeating: rest, count: 2000).utf8)
    try await socket.send(Array(client.request("PUT", "/api/v1/config", headers: head).utf8) + chunk)
    let clock = ContinuousClock()
    let begun = clock.now
    // The end of the stream comes with the answer, although the body has not ended.
    let answer = try HTTPClient.answer(try await socket.receiveAll())
    #expect(clock.now - begun < .seconds(5))
    #expect(answer.status == 413)
    #expect(answer.headers["connection"] == "close")
    // A client that only sends is cut off.
    while (try? await socket.send(chunk)) != nil, clock.now - begun < .seconds(20) {}
    #expect(clock.now - begun < .seconds(15))
  }
  #expect(HTTPLimits().linger == .seconds(1))
}

@Test(.timeLimit(.minutes(1))) func aBodyThatIsNotReadEndsItsConnectionWithinASecond() async throws {
  try await HTTPFixture().serve { client in
    let socket = try await RawSocket.connected(.tcp, port: client.port)
    let request = client.request("PUT", "/nowhere", "{", headers: "Content-Length: 100\r\n")
    try await socket.send(Array(request.utf8))
    let clock = ContinuousClock()
    let begun = clock.now
    #expect(try HTTPClient.answer(try await socket.receiveAll()).status == 404)
    #expect(clock.now - begun < .seconds(8))
    // A body that does arrive leaves the connection as it is.
    let second = try await RawSocket.connected(.tcp, port: client.port)
    for _ in 0..<3 {
      try await second.send(Array(client.request("PUT", "/nowhere", "{").utf8))
      #expect(try await second.receive(until: "}}\n").contains("404"))
    }
  }
}

@Test func aBlankBodyIsMalformedAndAnEmptyOneMeansTheCurrentShow() async throws {
  try await HTTPFixture().serve { client in
    let path = "/api/v1/presets/evening"
    #expect(try await client.send("PUT", path, #"{"layers":[]}"#).json["layers"] == 0)
    for blank in [" ", "\n", " \t\r\n  ", "\u{B}"] {
      let refused = try await client.send("PUT", path, blank)
      #expect(refused.status == 400)
      #expect(refused.errorCode == "badJSON")
      #expect(try await client.send("PUT", "/api/v1/config", blank).status == 400)
    }
    #expect(try await client.send("GET", path).json["layers"]?.arrayValue?.isEmpty == true, "it was not overwritten")
    #expect(try await client.send("PUT", path).json["layers"] == 2)
  }
}
