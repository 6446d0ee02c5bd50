import Documents
import StudioState
import Testing

/// Sends one request a connection and reads what comes back until the server closes.
struct HTTPClient: Sendable {
  let port: Int

  struct Answer: Sendable {
    let status: Int
    /// Lower-cased names.
    let headers: [String: String]
    let body: [UInt8]
    /// The body as JSON; null when it is none.
    let json: JSONValue

    var errorCode: String? { json["error"]?["code"]?.stringValue }
  }

  func send(_ method: String, _ path: String, _ body: String = "", headers: String = "") async throws -> Answer {
    let socket = try await RawSocket.connected(.tcp, port: port)
    try await socket.send(Array(request(method, path, body, headers: "Connection: close\r\n" + headers).utf8))
    return try Self.answer(try await socket.receiveAll())
  }

  func request(_ method: String, _ path: String, _ body: String = "", headers: String = "") -> String {
    let host = headers.contains("Host:") ? "" : "Host: 127.0.0.1:\(port)\r\n"
    let length = headers.contains("Content-Length:") ? "" : "Content-Length: \(body.utf8.count)\r\n"
    return "\(method) \(path) HTTP/1.1\r\n\(host)\(length)\(headers)\r\n\(body)"
  }

  static func answer(_ bytes: [UInt8]) throws -> Answer {
    let text = String(decoding: bytes, as: Unicode.ASCII.self)
    let end = try #require(text.range(of: "\r\n\r\n"), "no answer in \(bytes.count) bytes")
    let lines = text[..<end.lowerBound].split(separator: "\r\n")
    let status = try #require(lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    let bodyStart = text[..<end.upperBound].utf8.count
    let body = Array(bytes[bodyStart...])
    let json = (try? JSONParser.parse(body, limits: JSONParser.Limits(bytes: 1 << 24))) ?? .null
    return Answer(status: status, headers: headers, body: body, json: json)
  }
}

extension String {
  /// The first place where `mark` stands.
  func range(of mark: String) -> Range<String.Index>? {
    firstRange(of: mark)
  }
}
