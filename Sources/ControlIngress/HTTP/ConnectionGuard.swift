import NIOCore
import NIOHTTP1

/// Watches one connection, on its event loop: registers it, and closes it when its client has not read anything for too
/// long, because such clients could take all the places there are.
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = Any

  private let connections: OpenConnections
  private let limits: HTTPLimits
  private var isRegistered = false
  private var stall: Scheduled<Void>?

  init(_ connections: OpenConnections, _ limits: HTTPLimits) {
    self.connections = connections
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    do {
      // Between the decoder and what translates its parts, so that it sees them as they are on the wire.
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(RequestWatch(connections, limits), position: .after(decoder))
    } catch {
      // A pipeline without the decoder is not the one this handler is made for.
      context.fireErrorCaught(error)
      context.close(promise: nil)
    }
    if context.channel.isActive { register(context) }
  }

  /// Only now is the client's address known.
  func channelActive(context: ChannelHandlerContext) {
    register(context)
    context.fireChannelActive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    stall?.cancel()
    connections.remove(context.channel)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    stall?.cancel()
    stall = nil
    if !context.channel.isWritable {
      let channel = context.channel
      stall = context.eventLoop.scheduleTask(in: TimeAmount(limits.stall)) { channel.close(promise: nil) }
    }
    context.fireChannelWritabilityChanged()
  }

  private func register(_ context: ChannelHandlerContext) {
    guard !isRegistered else { return }
    isRegistered = true
    connections.add(context.channel)
  }
}
