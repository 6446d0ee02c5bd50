public import LiveRuntime
import NIOCore
import NIOPosix
import Synchronization

/// OSC over UDP: one socket, one thread of its own, so that nothing on the HTTP side can delay a packet.
///
/// Bounds: 64 KiB a packet, see ``OSCLimits`` for what is in it. What can't be read or performed is counted and
/// dropped; only `/studio/ping` is ever answered. There is no authentication: whoever reaches the port drives the
/// show, which is why the default address is the loopback one.
public final class OSCServer: Sendable {
  /// Bytes the kernel may hold for us while a mutation waits its turn; the system caps it (212,992 on a plain Linux).
  private static let socketBufferBytes = 1 << 20

  public let counters = OSCCounters()
  private let receiver: OSCReceiver
  /// Reads presets; started and stopped with the socket.
  private let diskThread = NIOThreadPool(numberOfThreads: 1)
  private let socket = Mutex<Socket?>(nil)

  private struct Socket {
    var channel: any Channel
    var group: MultiThreadedEventLoopGroup
  }

  /// - Parameters:
  ///   - presets: read on a thread of the server's own.
  ///   - reportProblem: told when a preset that somebody asked for could not be loaded: a line for the log.
  public init(
    coordinator: RuntimeCoordinator, clock: ControlClock, presets: any PresetShelf,
    countMutations: @escaping MutationCount = { _, _ in },
    reportProblem: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    receiver = OSCReceiver(
      coordinator: coordinator, clock: clock, presets: presets, counters: counters, diskThread: diskThread,
      countMutations: countMutations, reportProblem: reportProblem)
  }

  /// Opens the socket; once only.
  ///
  /// - Returns: the address that senders use, with the real port when `address` said 0.
  public func start(on address: ListenAddress) async throws(ListenFailure) -> ListenAddress {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      let channel = try await bind(group, address)
      socket.withLock { $0 = Socket(channel: channel, group: group) }
      diskThread.start()
    } catch {
      try? await group.shutdownGracefully()
      throw ListenFailure(binding: address, protocolName: "UDP", error)
    }
    return boundAddress ?? address
  }

  private func bind(_ group: MultiThreadedEventLoopGroup, _ address: ListenAddress) async throws -> any Channel {
    try await DatagramBootstrap(group: group)
      .channelOption(.socketOption(.so_rcvbuf), value: Self.socketBufferBytes)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: OSCLimits.packetBytes))
      .channelInitializer { [receiver] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(OSCDatagramHandler(receiver))
        }
      }
      .bind(host: address.host, port: address.port).get()
  }

  /// Nil before the start and after the stop.
  public var boundAddress: ListenAddress? {
    guard let local = socket.withLock({ $0?.channel.localAddress }), let host = local.ipAddress, let port = local.port
    else { return nil }
    return ListenAddress(host: host, port: port)
  }

  /// Closes the socket and ends the server's threads; a preset that is being read is waited for by nobody.
  public func stop() async {
    let taken = socket.withLock { socket in
      defer { socket = nil }
      return socket
    }
    guard let taken else { return }
    diskThread.shutdownGracefully { _ in }
    // Both fail only when they are closed already, which is what is wanted.
    try? await taken.channel.close().get()
    try? await taken.group.shutdownGracefully()
  }
}

/// Hands datagrams to the receiver and its answers to the socket; lives on the socket's event loop.
private final class OSCDatagramHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  typealias OutboundOut = AddressedEnvelope<ByteBuffer>

  private let receiver: OSCReceiver
  /// Senders come in streams: the last one's name is kept instead of being written anew for each packet.
  private var sender: (address: SocketAddress, name: String)?

  init(_ receiver: OSCReceiver) {
    self.receiver = receiver
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    let replies = receiver.receive(Array(envelope.data.readableBytesView), from: name(of: envelope.remoteAddress))
    // A sender that does not read its answers loses them; they never pile up here.
    for reply in replies where context.channel.isWritable {
      let bytes = context.channel.allocator.buffer(bytes: OSCEncoder.encode(.message(reply)))
      let envelope = AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: bytes)
      context.writeAndFlush(wrapOutboundOut(envelope), promise: nil)
    }
  }

  /// One failed read or write says nothing about the next packet: the socket stays open.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}

  private func name(of address: SocketAddress) -> String {
    if let sender, sender.address == address { return sender.name }
    let name = "osc:\(address.hostAndPort)"
    sender = (address, name)
    return name
  }
}
