import HostClient
import Testing

private func client(_ port: Int, maximumAnswerBytes: Int = 1 << 20) -> HostClient {
  HostClient(host: "127.0.0.1", port: port, maximumAnswerBytes: maximumAnswerBytes)
}

@Test func aRequestArrivesWholeAndItsAnswerComesBackWhole() async throws {
  try await TinyServer.withServer(.echo) { port in
    let body = Array(#"{"value":0.5}"#.utf8)
    let answer = try await client(port).request("PUT", "/api/v1/layers/a?x=1", body: body, timeout: .seconds(10))
    #expect(answer.status == 202)
    #expect(answer.header("x-kind") == "echo")
    let text = String(decoding: answer.body, as: UTF8.self)
    #expect(text.hasPrefix("PUT /api/v1/layers/a?x=1\nHost: 127.0.0.1:\(port)\n"))
    #expect(text.contains("Content-Type: application/json\n") && text.contains("Content-Length: 13\n"))
    #expect(text.hasSuffix(#"{"value":0.5}"#))
  }
}

@Test func aRequestWithoutABodyAnnouncesNone() async throws {
  try await TinyServer.withServer(.echo) { port in
    let answer = try await client(port).request("GET", "/", timeout: .seconds(10))
    #expect(!String(decoding: answer.body, as: UTF8.self).contains("Content-"))
  }
}

@Test func aLargeBodyArrivesWhole() async throws {
  try await TinyServer.withServer(.echo) { port in
    let body = [UInt8](repeating: UInt8(ascii: "x"), count: 900_000)
    let answer = try await client(port).request("POST", "/", body: body, timeout: .seconds(10))
    #expect(answer.body.suffix(900_000).elementsEqual(body))
  }
}

/// A name out of an operator's mouth must not become a second request.
@Test func aPathCanNotBreakOutOfTheRequestLine() async throws {
  try await TinyServer.withServer(.echo) { port in
    let answer = try await client(port).request(
      "GET", "/presets/a b\r\nEvil: 1\r\n\r\nGET /ü#%20", timeout: .seconds(10))
    let first = String(decoding: answer.body, as: UTF8.self).split(separator: "\n").first
    #expect(first == "GET /presets/a%20b%0D%0AEvil:%201%0D%0A%0D%0AGET%20/%C3%BC%23%20")
  }
}

@Test func anAnswerOfAnErrorStatusIsAnAnswer() async throws {
  try await TinyServer.withServer(.bytes("HTTP/1.1 503 Unavailable\r\nContent-Length: 2\r\n\r\n{}")) { port in
    let answer = try await client(port).request("GET", "/healthz", timeout: .seconds(10))
    #expect(answer.status == 503)
    #expect(answer.body == Array("{}".utf8))
  }
}

@Test func anAnswerThatEndsWithTheConnectionIsWhole() async throws {
  try await TinyServer.withServer(.bytes("HTTP/1.1 200 OK\r\n\r\nall of it")) { port in
    let answer = try await client(port).request("GET", "/metrics", timeout: .seconds(10))
    #expect(answer.body == Array("all of it".utf8))
  }
}

@Test(arguments: [
  "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "SSH-2.0-OpenSSH_9.2\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
])
func aBrokenAnswerIsNoAnswer(bytes: String) async throws {
  try await TinyServer.withServer(.bytes(bytes)) { port in
    let problem = await #expect(throws: HostRequestFailure.self) {
      try await client(port).request("GET", "/", timeout: .seconds(10))
    }
    #expect(problem?.code == .brokenAnswer)
    #expect(problem?.description.contains("127.0.0.1:\(port)") == true)
  }
}

@Test func anAnswerJustBeyondTheBoundIsRefused() async throws {
  let body = String(repeating: "x", count: 100)
  try await TinyServer.withServer(.bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n\(body)")) { port in
    let answer = try await client(port, maximumAnswerBytes: 100).request("GET", "/", timeout: .seconds(10))
    #expect(answer.body.count == 100)
    let problem = await #expect(throws: HostRequestFailure.self) {
      try await client(port, maximumAnswerBytes: 99).request("GET", "/", timeout: .seconds(10))
    }
    #expect(problem?.code == .tooLarge)
  }
}

@Test func aHostThatDoesNotAnswerIsGivenUp() async throws {
  try await TinyServer.withServer(.silence) { port in
    let problem = await #expect(throws: HostRequestFailure.self) {
      try await client(port).request("GET", "/", timeout: .milliseconds(50))
    }
    #expect(problem?.code == .timedOut)
  }
}

@Test func aCancelledRequestEndsAtOnce() async throws {
  try await TinyServer.withServer(.silence) { port in
    let task = Task { try await client(port).request("GET", "/", timeout: .seconds(600)) }
    task.cancel()
    let problem = await #expect(throws: HostRequestFailure.self) { try await task.value }
    #expect(problem?.code == .cancelled)
  }
}

@Test func nobodyThereIsSaidClearly() async throws {
  // A port that was just free.
  let port = try await TinyServer.withServer(.silence) { $0 }
  let problem = await #expect(throws: HostRequestFailure.self) {
    try await client(port).request("GET", "/", timeout: .seconds(10))
  }
  #expect(problem?.code == .noConnection)
  #expect(problem?.description.contains("127.0.0.1:\(port)") == true)
  #expect(problem?.description.lowercased().contains("refused") == true)
}

@Test func anIPv6AddressIsWrittenInBrackets() {
  #expect(HostClient(host: "::1", port: 8080).address == "[::1]:8080")
}
