import Documents
import Hummingbird
import NIOCore
import StudioState

/// One request, as passed to its route.
struct APICall: Sendable {
  let request: Request
  let channel: any Channel
  /// The names in the path, in order.
  let names: [String]

  /// The source of the request, as recorded in generations and in the journal.
  var actor: String { channel.remoteAddress.map { "http:\($0.hostAndPort)" } ?? "http" }

  /// The layer that the path names.
  func layerID() throws(RequestRejection) -> LayerID {
    guard let id = LayerID(names[0]) else {
      throw RequestRejection(
        404, "unknownLayer", "there is no layer \"\(names[0])\": a layer's id is \(studioNameRule)")
    }
    return id
  }

  func query(_ name: String) -> String? {
    request.uri.queryParameters[name[...]].map(String.init)
  }

  /// The body as JSON; nil if it is empty. A body of white space is not empty but malformed JSON.
  ///
  /// - Parameters:
  ///   - bytes: the largest body.
  ///   - arrival: the connection is closed if the body has not arrived within this time.
  func body(upTo bytes: Int, within arrival: Duration) async throws(RequestRejection) -> JSONValue? {
    let body = try await content(upTo: bytes, within: arrival)
    guard !body.isEmpty else { return nil }
    do {
      return try JSONParser.parse(body, limits: JSONParser.Limits(bytes: bytes))
    } catch {
      throw RequestRejection(400, "badJSON", "the body is \(error)")
    }
  }

  /// The bytes of the body.
  func content(upTo limit: Int, within arrival: Duration) async throws(RequestRejection) -> [UInt8] {
    let tooLarge = RequestRejection(413, "tooLarge", "the body is larger than the \(limit) bytes that are read here")
    let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(arrival)) { [channel] in channel.close(promise: nil) }
    defer { deadline.cancel() }
    if let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced > limit { throw tooLarge }
    var bytes: [UInt8] = []
    do {
      for try await buffer in request.body {
        guard bytes.count + buffer.readableBytes <= limit else { throw tooLarge }
        bytes.append(contentsOf: buffer.readableBytesView)
      }
    } catch let problem as RequestRejection {
      throw problem
    } catch {
      throw RequestRejection(400, "brokenBody", "the body did not arrive whole")
    }
    return bytes
  }
}
