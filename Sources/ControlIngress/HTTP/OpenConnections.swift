import NIOCore
import Synchronization

/// The open HTTP connections. ``ConnectionBook`` decides which may stay, and a shutdown closes all of them: the server
/// waits for answers in progress, and a client that never reads its answer would block it indefinitely.
final class OpenConnections: Sendable {
  private struct Registry {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var book: ConnectionBook<ObjectIdentifier>
    /// Set once the shutdown has begun: the time in which connections may finish.
    var grace: TimeAmount?
  }

  private let registry: Mutex<Registry>

  init(_ limits: HTTPLimits) {
    registry = Mutex(Registry(book: ConnectionBook(limits.book)))
  }

  var count: Int { registry.withLock { $0.channels.count } }

  /// Registers a connection. If there are too many, closes another one, or this one.
  func add(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    // Clients of a Unix socket have no address and count as one client.
    let address = channel.remoteAddress?.ipAddress ?? ""
    let (grace, superfluous) = registry.withLock { registry -> (TimeAmount?, (any Channel)?) in
      registry.channels[id] = channel
      switch registry.book.open(id, from: address, now: Self.now) {
      case .admitted(let victim): return (registry.grace, victim.flatMap { registry.channels[$0] })
      case .refused: return (registry.grace, channel)
      }
    }
    superfluous?.close(promise: nil)
    if let grace { close(channel, in: grace) }
  }

  func remove(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    registry.withLock { registry in
      registry.channels[id] = nil
      registry.book.close(id)
    }
  }

  /// The head of a request has arrived, and no other request is being answered on this connection.
  func begin(_ channel: any Channel) {
    registry.withLock { $0.book.begin(ObjectIdentifier(channel), now: Self.now) }
  }

  /// The whole request has arrived.
  func receive(_ channel: any Channel) {
    registry.withLock { $0.book.receive(ObjectIdentifier(channel)) }
  }

  /// Every request on this connection is answered.
  func end(_ channel: any Channel) {
    registry.withLock { $0.book.end(ObjectIdentifier(channel), now: Self.now) }
  }

  /// Whether requests of this connection are answered; `/healthz` always is.
  func admits(_ channel: any Channel) -> Bool {
    registry.withLock { $0.book.admits(ObjectIdentifier(channel)) }
  }

  /// Closes all connections, including new ones, after `grace`.
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

  private static var now: Duration { .nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds)) }
}

extension HTTPLimits {
  fileprivate var book: ConnectionBook<ObjectIdentifier>.Limits {
    .init(
      connections: connections, perAddress: connectionsPerAddress, reserved: reservedConnections,
      patience: requestArrival)
  }
}
