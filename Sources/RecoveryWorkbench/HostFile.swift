import DurableFiles
import HostClient
import StudioState

/// What `host.json` tells of the host that runs on a data folder: `{"pid","osc","http","startedAt"}`.
struct HostFile: Sendable, Equatable {
  var pid: Int32
  /// `HOST:PORT`, IPv6 in brackets.
  var http: String
  var json: JSONValue

  /// Whether that process lives. Its number may have gone to another program, if the host was killed.
  var isAlive: Bool { ProcessNumber(pid).isAlive }

  /// Nil when the address is none. A host that listens everywhere is asked on the loopback.
  var client: HostClient? {
    guard let colon = http.lastIndex(of: ":"), let port = Int(http[http.index(after: colon)...]),
      (1...65535).contains(port)
    else { return nil }
    var host = String(http[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    switch host {
    case "", "0.0.0.0": host = "127.0.0.1"
    case "::": host = "::1"
    default: break
    }
    return HostClient(host: host, port: port)
  }
}

extension HostFile {
  /// Nil when there is no such file, or none that can be read: it is there only while a host runs.
  init?(folder: String) {
    guard let bytes = (try? DurableFile.read("\(folder)/host.json", limit: 64 << 10)) ?? nil,
      let json = try? JSONParser.parse(bytes, limits: .init(bytes: 64 << 10)),
      let pid = json["pid"]?.intValue.flatMap({ Int32(exactly: $0) }), pid > 0, let http = json["http"]?.stringValue
    else { return nil }
    self.pid = pid
    self.http = http
    self.json = json
  }
}

/// Asks the running host and turns its refusals into exit codes.
struct RunningHost: Sendable {
  var client: HostClient

  /// Longer than the host's own waits (2 seconds to flush, 2 to store), so that its answer comes first.
  static let timeout = Duration.seconds(15)

  func ask(
    _ method: String, _ path: String, content: [UInt8]? = nil, timeout: Duration = Self.timeout
  ) async throws(ToolFailure) -> (status: Int, json: JSONValue) {
    let answer: HostAnswer
    do {
      answer = try await client.request(method, "/api/v1/\(path)", body: content, timeout: timeout)
    } catch {
      throw ToolFailure(error)
    }
    guard let json = try? JSONParser.parse(answer.body, limits: .init(bytes: 64 << 20)) else {
      throw ToolFailure(
        .hostUnreachable, "\(client.address) answered \(answer.status) without JSON: it is no Afterimage host.")
    }
    return (answer.status, json)
  }

  /// The same for requests that change something: any status but 200 is a failure.
  func change(_ method: String, _ path: String, _ body: JSONValue?) async throws(ToolFailure) -> JSONValue {
    try await change(method, path, content: body.map { CanonicalJSON.encode($0) })
  }

  func change(_ method: String, _ path: String, content: [UInt8]?) async throws(ToolFailure) -> JSONValue {
    let (status, json) = try await ask(method, path, content: content)
    guard status == 200 else { throw Self.failure(status, json) }
    return json
  }

  static func failure(_ status: Int, _ json: JSONValue) -> ToolFailure {
    let code = json["error"]?["code"]?.stringValue ?? ""
    let message = json["error"]?["message"]?.stringValue
    let isUnsaved = status == 503 || status == 504
    let words =
      message.map { "The host refused: \($0)" }
      ?? (isUnsaved
        ? "The host has done it and could not store it yet. See: afterimage status" : "The host answered \(status).")
    let exit: ExitCode =
      switch (code, status) {
      case ("damaged", _): .found
      case ("busy", _), (_, 503), (_, 504): .busy
      case ("readOnly", _): .permission
      case ("badContent", _): .corruptInput
      case (_, 404): .noInput
      case (_, 400..<500): .usage
      default: .io
      }
    return ToolFailure(exit, TextTable.printable(words))
  }
}
