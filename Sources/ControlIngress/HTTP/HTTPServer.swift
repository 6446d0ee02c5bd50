import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// The HTTP interface as a service: opens its port in ``run()`` and serves until the graceful shutdown or cancellation.
///
/// A shutdown is bounded: streams end at their next poll (50 ms), answers in progress may finish within
/// `limits.shutdownGrace`, and then all connections are closed. Requests that wait for the writer end when the writer
/// answers them, so the host stops the writer first.
///
/// ``OriginPolicy`` decides which requests are accepted; there is no authentication.
public struct HTTPServer: Service {
  private let address: ListenAddress
  private let seams: HTTPSeams
  private let limits: HTTPLimits
  private let logger: Logger
  private let onBound: @Sendable (ListenAddress) async -> Void

  /// - Parameter onBound: called once the port is open, with the address for clients. Its port is the real one if
  ///   `address` has port 0.
  public init(
    address: ListenAddress, seams: HTTPSeams, limits: HTTPLimits = HTTPLimits(), logger: Logger,
    onBound: @escaping @Sendable (ListenAddress) async -> Void
  ) {
    self.address = address
    self.seams = seams
    self.limits = limits
    self.logger = logger
    self.onBound = onBound
  }

  /// - Throws: ``ListenFailure`` if the port can't be opened.
  public func run() async throws {
    // Presets and previews block or compute. Two run at a time; the number of waiting ones is bounded by the
    // connections.
    let slowWork = NIOThreadPool(numberOfThreads: 2)
    slowWork.start()
    // A hanging disk must not delay the end of the server, so these threads are not joined.
    defer { slowWork.shutdownGracefully { _ in } }
    let connections = OpenConnections(limits)
    let streams = EventStreams(limit: limits.streams)
    let api = StudioAPI(seams: seams, limits: limits, slowWork: slowWork, streams: streams)
    let application = application(api, connections)
    let grace = TimeAmount(limits.shutdownGrace)
    do {
      try await withTaskCancellationHandler {
        try await withGracefulShutdownHandler {
          try await application.run()
        } onGracefulShutdown: {
          streams.end()
          connections.closeAll(in: grace)
        }
      } onCancel: {
        streams.end()
        connections.closeAll(in: .zero)
      }
    } catch let error as IOError {
      throw ListenFailure(binding: address, protocolName: "TCP", error)
    } catch let error as SocketAddressError.UnknownHost {
      throw ListenFailure(binding: address, protocolName: "TCP", error)
    }
  }

  private func application(_ api: StudioAPI, _ connections: OpenConnections) -> Application<APIResponder> {
    let channel = HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionGuard(connections, limits)],
      idleTimeout: TimeAmount(limits.idle),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))
    // The number of connections is bounded by OpenConnections: the server's own bound would leave new clients waiting
    // behind idle ones.
    let configuration = ApplicationConfiguration(address: .hostname(address.host, port: address.port))
    return Application(
      responder: APIResponder(api: api, policy: OriginPolicy(listenHost: address.host), connections: connections),
      server: .http1(configuration: channel), configuration: configuration,
      onServerRunning: { [address, onBound] channel in
        let local = channel.localAddress
        await onBound(ListenAddress(host: local?.ipAddress ?? address.host, port: local?.port ?? address.port))
      },
      logger: logger)
  }
}
