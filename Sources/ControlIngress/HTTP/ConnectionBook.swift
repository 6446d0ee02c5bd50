/// Decides which HTTP connections stay open when there are too many, and which requests are answered. Pure: the caller
/// closes evicted connections.
///
/// The bound applies to requests, not to sockets. A connection without a complete request is *idle* and is evicted for
/// a newer one, so that silent clients can't lock others out. A few additional sockets are reserved for `/healthz`, so
/// that a watchdog gets its answer while the bound is reached.
struct ConnectionBook<ID: Hashable & Sendable>: Sendable {
  struct Limits: Sendable, Equatable {
    /// Most connections whose requests are answered concurrently.
    var connections: Int
    /// The same for one address.
    var perAddress: Int
    /// Additional sockets beyond `connections`.
    var reserved: Int
    /// A request whose body takes longer than this may be evicted if there is no idle connection.
    var patience: Duration
  }

  enum Admission: Equatable, Sendable {
    /// The connection is accepted, and `evicting` is closed.
    case admitted(evicting: ID?)
    /// All connections are answering a request.
    case refused
  }

  private enum Phase {
    /// No complete head of a request has arrived since this time.
    case idle(since: Duration)
    /// The head has arrived, the body has not.
    case receiving(since: Duration)
    case answering
  }

  private struct Connection {
    let address: String
    var phase: Phase
  }

  private struct Use {
    var open = 0
    var busy = 0
  }

  private let limits: Limits
  private var connections: [ID: Connection] = [:]
  private var uses: [String: Use] = [:]
  private var busy = 0

  init(_ limits: Limits) {
    self.limits = limits
  }

  var count: Int { connections.count }

  /// A client has connected.
  mutating func open(_ id: ID, from address: String, now: Duration) -> Admission {
    let isFull = connections.count >= limits.connections + limits.reserved
    let isAddressFull = uses[address]?.open ?? 0 >= limits.perAddress
    // If the address has reached its bound, one of its own connections is evicted.
    let payer = isAddressFull ? address : nil
    var victim = isAddressFull || isFull ? idlest(of: payer) : nil
    if isFull, victim == nil { victim = slowest(of: payer, now) }
    if isFull, victim == nil { return .refused }
    if let victim { close(victim) }
    connections[id] = Connection(address: address, phase: .idle(since: now))
    uses[address, default: Use()].open += 1
    return .admitted(evicting: victim)
  }

  /// The head of a request has arrived.
  mutating func begin(_ id: ID, now: Duration) {
    guard let connection = connections[id] else { return }
    if case .idle = connection.phase { count(1, connection.address) }
    connections[id]?.phase = .receiving(since: now)
  }

  /// The whole request has arrived.
  mutating func receive(_ id: ID) {
    guard case .receiving = connections[id]?.phase else { return }
    connections[id]?.phase = .answering
  }

  /// Every request on the connection has been answered.
  mutating func end(_ id: ID, now: Duration) {
    guard let connection = connections[id] else { return }
    if case .idle = connection.phase {} else { count(-1, connection.address) }
    connections[id]?.phase = .idle(since: now)
  }

  mutating func close(_ id: ID) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    if case .idle = connection.phase {} else { count(-1, connection.address) }
    uses[connection.address]?.open -= 1
    if uses[connection.address]?.open == 0 { uses[connection.address] = nil }
  }

  /// Whether requests on this connection are answered; otherwise only `/healthz` is.
  func admits(_ id: ID) -> Bool {
    guard let connection = connections[id] else { return false }
    return busy <= limits.connections && uses[connection.address]?.busy ?? 0 <= limits.perAddress
  }

  private mutating func count(_ change: Int, _ address: String) {
    busy += change
    uses[address]?.busy += change
  }

  /// The connection that has been idle for the longest time.
  private func idlest(of address: String?) -> ID? {
    oldest(of: address) { phase in
      guard case .idle(let since) = phase else { return nil }
      return since
    }
  }

  /// The connection that has waited longest for its request's body, if that exceeds the bound.
  private func slowest(of address: String?, _ now: Duration) -> ID? {
    oldest(of: address) { phase in
      guard case .receiving(let since) = phase, now - since >= limits.patience else { return nil }
      return since
    }
  }

  /// - Parameter address: considers connections of this address only; nil for all.
  private func oldest(of address: String?, _ since: (Phase) -> Duration?) -> ID? {
    var found: (id: ID, since: Duration)?
    for (id, connection) in connections where address == nil || connection.address == address {
      guard let time = since(connection.phase), found.map({ time < $0.since }) ?? true else { continue }
      found = (id, time)
    }
    return found?.id
  }
}
