import Documents
import Hummingbird
import NIOCore
import StudioState

/// The context of a request: its connection.
struct ConnectionContext: InitializableFromSource {
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    channel = source.channel
  }
}

/// Finds the route of a request and writes every refusal in the form that the contract promises.
struct APIResponder: HTTPResponder {
  typealias Context = ConnectionContext

  let api: StudioAPI
  let policy: OriginPolicy
  let connections: OpenConnections

  private static let fetchSite = HTTPFields.Element.Name("Sec-Fetch-Site")

  func respond(to request: Request, context: ConnectionContext) async throws -> Response {
    let response = await response(to: request, context)
    api.seams.countAnswer(response.status.code)
    return response
  }

  private func response(to request: Request, _ context: ConnectionContext) async -> Response {
    do throws(RequestRejection) {
      let refusal = policy.refusal(
        host: request.head.authority, origin: request.headers[.origin],
        fetchSite: Self.fetchSite.flatMap { request.headers[$0] },
        localAddress: context.channel.localAddress?.ipAddress)
      if let refusal { throw refusal }
      guard request.uri.path == APIRoute.healthProbe || connections.admits(context.channel) else {
        throw .tooManyConnections
      }
      return try await answer(request, context)
    } catch {
      var response = Response.json(error.json, status: error.status)
      // Its body is not read, or its connection is needed; RequestWatch lets the client read the answer first.
      if error.endsConnection { response.headers[.connection] = "close" }
      return response
    }
  }

  private func answer(_ request: Request, _ context: ConnectionContext) async throws(RequestRejection) -> Response {
    let path = request.uri.path
    let parts = path.split(separator: "/").map(String.init)
    var allowed: [String] = []
    for route in APIRoute.all {
      guard let names = try route.names(in: parts) else { continue }
      guard route.method == request.method.rawValue else {
        allowed.append(route.method)
        continue
      }
      let call = APICall(request: request, channel: context.channel, names: names)
      try api.refuseLate(call)
      return try await route.answer(api, call)
    }
    guard !allowed.isEmpty else {
      throw RequestRejection(
        404, "unknownRoute", "there is nothing at \(path); see the control interface's documentation")
    }
    let problem = RequestRejection(
      405, "methodNotAllowed", "\(path) answers \(allowed.joined(separator: ", ")), not \(request.method.rawValue)")
    var response = Response.json(problem.json, status: problem.status)
    response.headers[.allow] = allowed.joined(separator: ", ")
    return response
  }
}

extension Response {
  /// - Parameter status: a status code of HTTP.
  static func json(_ value: JSONValue, status: Int = 200) -> Response {
    var bytes = CanonicalJSON.encode(value)
    bytes.append(UInt8(ascii: "\n"))
    return .bytes(bytes, type: "application/json", status: status)
  }

  static func bytes(_ bytes: [UInt8], type: String, status: Int = 200) -> Response {
    Response(
      status: .init(code: status),
      headers: [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
