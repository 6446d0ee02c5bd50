/// The bounds of the HTTP interface.
public struct HTTPLimits: Sendable {
  /// Connections whose requests are answered at once. A studio has a handful of operators and scripts. When there are
  /// more, the one that has been idle for the longest time is closed.
  public var connections = 256
  /// The same for one address, so that one client leaves places to the others.
  public var connectionsPerAddress = 128
  /// Further connections that are answered `/healthz` only, while all places are taken.
  public var reservedConnections = 16
  /// A new connection whose first request has not begun, or whose head has not arrived whole, is closed after this time.
  public var requestArrival: Duration = .seconds(5)
  /// A connection without a further request, or with one that does not arrive, is closed after this time.
  public var idle: Duration = .seconds(30)
  /// After an answer to a request that has not arrived whole, the connection is closed after this time: long enough for
  /// the client to read the answer.
  public var linger: Duration = .seconds(1)
  /// A client that takes nothing of its answer is cut off after this time.
  public var stall: Duration = .seconds(30)
  /// A request's body must have arrived after this time.
  public var bodyArrival: Duration = .seconds(60)
  /// Bytes of a request's body.
  public var bodyBytes = 1 << 20
  /// Bytes of a preset: 4,096 layers of 40 numbers take 6 MB.
  public var presetBytes = 8 << 20
  /// Bytes of a state that is imported: a preset with the packages' headers. Larger ones are for the recovery tool.
  public var importBytes = 64 << 20
  /// Event streams at once. Fewer than the runtime's event bus has places.
  public var streams = 8
  /// What a shutdown waits for answers that are under way before it cuts them off.
  public var shutdownGrace: Duration = .milliseconds(500)

  public init() {}
}
