import NIOCore
import Synchronization

/// The HTTP connections that are open, so that a shutdown can end them: the server waits for answers that are under
/// way, and a client that never reads its answer would make it wait for ever.
final class OpenConnections: Sendable {
  private struct Registry {
    var channels: [ObjectIdentifier: any Channel] = [:]
    /// Set once the shutdown has begun: how long connections may still finish.
    var grace: TimeAmount?
  }

  private let registry = Mutex(Registry())

  var count: Int { registry.withLock { $0.channels.count } }

  func add(_ channel: any Channel) {
    let grace = registry.withLock { registry in
      registry.channels[ObjectIdentifier(channel)] = channel
      return registry.grace
    }
    if let grace { close(channel, in: grace) }
  }

  func remove(_ channel: any Channel) {
    registry.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
  }

  /// Closes all connections, also those that are still to come, after `grace`.
  func closeAll(in grace: TimeAmount) {
    let channels = registry.withLock { registry in
      registry.grace = grace
      return Array(registry.channels.values)
    }
    for channel in channels { close(channel, in: grace) }
  }

  private func close(_ channel: any Channel, in grace: TimeAmount) {
    channel.eventLoop.scheduleTask(in: grace) { channel.close(promise: nil) }
  }
}

/// Watches one connection, on its event loop: registers it, and closes it when its client has not read anything for too
/// long, because 256 such clients would be all the connections there are.
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = Any

  private let connections: OpenConnections
  private let stallLimit: TimeAmount
  private var stall: Scheduled<Void>?

  init(_ connections: OpenConnections, stallLimit: TimeAmount) {
    self.connections = connections
    self.stallLimit = stallLimit
  }

  func handlerAdded(context: ChannelHandlerContext) {
    connections.add(context.channel)
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
      stall = context.eventLoop.scheduleTask(in: stallLimit) { channel.close(promise: nil) }
    }
    context.fireChannelWritabilityChanged()
  }
}
