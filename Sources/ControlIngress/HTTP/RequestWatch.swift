import NIOCore
import NIOHTTP1

/// Tracks the requests of one connection, on its event loop.
///
/// - The head of the first request must arrive within `limits.requestArrival`, or the connection is closed. Later ones
///   have the server's idle limit.
/// - After an answer that came before the whole request did, such as a refusal of its size, the rest of the request
///   must arrive within `limits.linger`, or the connection is closed. Closing it at once would destroy the answer: the
///   system resets a connection that is closed with unread bytes, and a reset discards what the client has not read.
///   When the answer says `Connection: close`, the sending side is shut down with it, so that a client that reads sees
///   the end at once; what still arrives is discarded.
final class RequestWatch: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let connections: OpenConnections
  private let limits: HTTPLimits
  /// The number of heads that arrived and are not answered.
  private var unanswered = 0
  /// Whether a head has arrived whose body is incomplete.
  private var isReceiving = false
  private var closesAfterAnswer = false
  private var arrival: Scheduled<Void>?
  private var linger: Scheduled<Void>?

  init(_ connections: OpenConnections, _ limits: HTTPLimits) {
    self.connections = connections
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    arrival = closing(context, in: limits.requestArrival)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    arrival?.cancel()
    linger?.cancel()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: headArrived(context)
    case .body: break
    case .end: endArrived(context)
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      // An interim answer, such as 100, is followed by the final one.
      closesAfterAnswer = head.status.code >= 200 && head.headers[canonicalForm: "connection"].contains("close")
      context.write(data, promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      context.write(data, promise: promise)
      answered(context)
    }
  }

  private func headArrived(_ context: ChannelHandlerContext) {
    arrival?.cancel()
    arrival = nil
    if unanswered == 0 { connections.begin(context.channel) }
    unanswered += 1
    isReceiving = true
  }

  private func endArrived(_ context: ChannelHandlerContext) {
    isReceiving = false
    if unanswered > 0 { connections.receive(context.channel) }
    guard !closesAfterAnswer else { return }
    linger?.cancel()
    linger = nil
  }

  private func answered(_ context: ChannelHandlerContext) {
    unanswered -= 1
    guard unanswered == 0 else { return }
    connections.end(context.channel)
    guard isReceiving || closesAfterAnswer else { return }
    linger = closing(context, in: limits.linger)
    if closesAfterAnswer {
      context.flush()
      context.channel.close(mode: .output, promise: nil)
    }
  }

  private func closing(_ context: ChannelHandlerContext, in time: Duration) -> Scheduled<Void> {
    let channel = context.channel
    return context.eventLoop.scheduleTask(in: TimeAmount(time)) { channel.close(promise: nil) }
  }
}
