import NIOCore
import NIOHTTP1
import NIOPosix

/// A server on 127.0.0.1, on a port of its own, that answers with what a test says.
struct TinyServer {
  enum Behaviour: Sendable {
    /// The body is the request as it was understood: method, target, then each header, then the body.
    case echo
    /// These bytes, whatever they are, then the end of the connection.
    case bytes(String)
    /// Nothing, ever.
    case silence
  }

  let channel: any Channel
  var port: Int { channel.localAddress?.port ?? 0 }

  static func withServer<Result: Sendable>(
    _ behaviour: Behaviour, _ body: (Int) async throws -> Result
  ) async throws -> Result {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          switch behaviour {
          case .echo:
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(EchoHandler())
          case .bytes(let bytes): try channel.pipeline.syncOperations.addHandler(BytesHandler(bytes))
          case .silence: break
          }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = TinyServer(channel: channel)
    do {
      let result = try await body(server.port)
      try await channel.close()
      return result
    } catch {
      try? await channel.close()
      throw error
    }
  }
}

private final class EchoHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private var text = ""

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      text = "\(head.method.rawValue) \(head.uri)\n"
      for header in head.headers { text += "\(header.name): \(header.value)\n" }
    case .body(let part): text += String(buffer: part)
    case .end:
      let headers = HTTPHeaders([("Content-Length", "\(text.utf8.count)"), ("X-Kind", "echo")])
      let head = HTTPResponseHead(version: .http1_1, status: .accepted, headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}

private final class BytesHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let bytes: String

  init(_ bytes: String) { self.bytes = bytes }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: bytes))).whenComplete { _ in channel.close(promise: nil) }
  }
}
