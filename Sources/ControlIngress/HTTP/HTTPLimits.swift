/// The bounds of the HTTP interface.
public struct HTTPLimits: Sendable {
  /// Most connections whose requests are answered concurrently. A studio has a handful of operators and scripts. Beyond
  /// the bound, the connection that has been idle longest is closed.
  public var connections = 256
  /// The same for one address, so that one client can't use all of them.
  public var connectionsPerAddress = 128
  /// Additional connections that are only answered `/healthz` while the bound is reached.
  public var reservedConnections = 16
  /// A new connection is closed after this time if the head of its first request has not arrived completely.
  public var requestArrival: Duration = .seconds(5)
  /// A connection is closed after this time if no further request arrives completely.
  public var idle: Duration = .seconds(30)
  /// After an answer to a request that has not arrived completely, the connection is closed after this time: long
  /// enough for the client to read the answer.
  public var linger: Duration = .seconds(1)
  /// A client that reads nothing of its answer is disconnected after this time.
  public var stall: Duration = .seconds(30)
  /// A request's body must arrive within this time.
  public var bodyArrival: Duration = .seconds(60)
  /// Largest body of a request, in bytes.
  public var bodyBytes = 1 << 20
  /// Largest preset, in bytes: 4,096 layers of 40 numbers take 6 MB.
  public var presetBytes = 8 << 20
  /// Largest imported state, in bytes: a preset with the packages' headers. The recovery tool imports larger ones.
  public var importBytes = 64 << 20
  /// Most concurrent event streams; fewer than the subscribers of the runtime's event bus.
  public var streams = 8
  /// The time in which answers in progress may finish during a shutdown.
  public var shutdownGrace: Duration = .milliseconds(500)

  public init() {}
}
