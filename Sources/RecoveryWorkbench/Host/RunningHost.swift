import Documents
import HostClient
import PersistenceMessages
import StudioState

/// Sends requests to the running host and maps its refusals to exit codes.
struct RunningHost: Sendable {
  var client: HostClient
  /// Nil when it is not known.
  var pid: Int32?
  /// Whether it refuses requests whose deadline has passed. Hosts of earlier versions do not know deadlines.
  var honoursDeadlines = false

  /// The time within which the host must begin to perform a change. It may then store twice, 2 seconds each, before it
  /// answers, so that a host that performed the change has answered within ``timeout``.
  static let actionTime = Duration.seconds(5)
  static let timeout = Duration.seconds(10)

  /// The host's name in messages.
  var name: String { pid.map { "The host (process \($0))" } ?? "The host at \(client.address)" }

  func ask(
    _ method: String, _ path: String, content: [UInt8]? = nil, timeout: Duration = Self.timeout
  ) async throws(ToolFailure) -> (status: Int, json: JSONValue) {
    let answer: HostAnswer
    do {
      answer = try await client.request(method, "/api/v1/\(path)", body: content, timeout: timeout)
    } catch {
      throw ToolFailure(error)
    }
    return (answer.status, try json(answer))
  }

  /// The unchanged body of an answer with status 200.
  func content(_ path: String) async throws(ToolFailure) -> [UInt8] {
    let answer: HostAnswer
    do {
      answer = try await client.request("GET", "/api/v1/\(path)", timeout: Self.timeout)
    } catch {
      throw ToolFailure(error)
    }
    guard answer.status == 200 else { throw Self.failure(answer.status, try json(answer)) }
    return answer.body
  }

  /// The same for requests that change something: any status but 200 is a failure.
  func change(_ method: String, _ path: String, _ body: JSONValue?) async throws(ToolFailure) -> JSONValue {
    try await change(method, path, content: body.map { CanonicalJSON.encode($0) })
  }

  func change(_ method: String, _ path: String, content: [UInt8]?) async throws(ToolFailure) -> JSONValue {
    let deadline = RequestDeadline(within: Self.actionTime, of: .now())
    let answer: HostAnswer
    do {
      answer = try await client.request(
        method, "/api/v1/\(path)", body: content, headers: [(RequestDeadline.headerName, deadline.text)],
        timeout: Self.timeout)
    } catch {
      throw silence(error)
    }
    let json = try json(answer)
    guard answer.status == 200 else { throw Self.failure(answer.status, json) }
    return json
  }

  private func json(_ answer: HostAnswer) throws(ToolFailure) -> JSONValue {
    guard let json = try? JSONParser.parse(answer.body, limits: .init(bytes: 64 << 20)) else {
      throw ToolFailure(
        .hostUnreachable, "\(client.address) answered \(answer.status) without JSON: it is not an Afterimage host.")
    }
    return json
  }
}
