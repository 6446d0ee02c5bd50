import NIOCore
import NIOHTTP1

/// Registers one connection, and closes it if its client has not read anything for too long, because such clients could
/// use up all connections. Runs on the connection's event loop.
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
      // Between the decoder and the handler that translates its parts, so that it sees the parts as they are on the
      // wire.
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(RequestWatch(connections, limits), position: .after(decoder))
    } catch {
      // This handler requires a pipeline with the decoder.
      context.fireErrorCaught(error)
      context.close(promise: nil)
    }
    if context.channel.isActive { register(context) }
  }

  /// The client's address is known only from here on.
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
