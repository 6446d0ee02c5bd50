import Documents
import Hummingbird
import LiveRuntime
import NIOPosix
import StudioState

/// The functions that answer the routes. Each extension contains the routes of one subject; this file contains what
/// they share.
struct StudioAPI: Sendable {
  let seams: HTTPSeams
  let limits: HTTPLimits
  let slowWork: NIOThreadPool
  let streams: EventStreams
  let pictures = GenerationPictures()

  func body(_ call: APICall) async throws(RequestRejection) -> JSONValue? {
    try await call.body(upTo: limits.bodyBytes, within: limits.bodyArrival)
  }

  /// The body as an object with members of these names only; an empty body is an empty object.
  func object(_ call: APICall, members allowed: [String]) async throws(RequestRejection) -> JSONValue {
    try Self.object(try await body(call) ?? .object([]), members: allowed)
  }

  private static func object(_ body: JSONValue, members allowed: [String]) throws(RequestRejection) -> JSONValue {
    guard let members = body.objectValue else { throw .wrongType("the body", "an object", body) }
    for member in members where !allowed.contains(member.name) {
      throw RequestRejection(
        422, "unknownMember", "\(member.name): expected here: \(allowed.joined(separator: ", "))")
    }
    return body
  }

  /// The member `value` of the body.
  func value(_ call: APICall) async throws(RequestRejection) -> JSONValue {
    try await member("value", call, "{\"value\":…}")
  }

  /// The only member of the body, which must be present.
  ///
  /// - Parameter shape: the expected form of the body, for the error message.
  func member(_ name: String, _ call: APICall, _ shape: String) async throws(RequestRejection) -> JSONValue {
    guard let body = try await body(call) else { throw RequestRejection(400, "missing", "the body must be \(shape)") }
    guard let value = try Self.object(body, members: [name])[name] else {
      throw RequestRejection(422, "missing", "the body must be \(shape)")
    }
    return value
  }

  /// Runs work that may block or compute on a separate thread, never on the threads that serve connections.
  func onSlowThread<Value: Sendable>(
    _ work: @escaping @Sendable () -> Result<Value, RequestRejection>
  ) async throws(RequestRejection) -> Value {
    let result: Result<Value, RequestRejection>
    do {
      result = try await slowWork.runIfActive(work)
    } catch {
      throw RequestRejection(503, "stopped", "the host is shutting down")
    }
    return try result.get()
  }
}
