/// Which HTTP connections stay open when there are too many, and whose requests are answered. Pure: the caller closes
/// what is evicted.
///
/// The places are there for requests, not for sockets. A connection without a whole request is *idle* and gives way to
/// a newer one, so that clients that connect and stay silent keep nobody out. Beyond the places for requests, a few
/// sockets are kept for `/healthz`: a watchdog gets its answer also while every place is taken.
struct ConnectionBook<ID: Hashable & Sendable>: Sendable {
  struct Limits: Sendable, Equatable {
    /// Connections whose requests are answered at once.
    var connections: Int
    /// The same, of one address.
    var perAddress: Int
    /// Sockets beyond `connections`.
    var reserved: Int
    /// A request whose body takes longer than this gives way when there is no idle connection.
    var patience: Duration
  }

  enum Admission: Equatable, Sendable {
    /// The connection stays, and this one is closed in its place.
    case admitted(evicting: ID?)
    /// Every place is taken by a request that is being answered.
    case refused
  }

  private enum Phase {
    /// No whole head of a request has arrived since then.
    case idle(since: Duration)
    /// The head is here and the body is still to come.
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
    // An address that has its share pays for its next connection itself.
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

  /// Everything that was asked has been answered.
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

  /// Whether the request that has begun on this connection is answered; otherwise only `/healthz` is.
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

  /// The connection that has waited for its request's body for the longest time, when that is too long.
  private func slowest(of address: String?, _ now: Duration) -> ID? {
    oldest(of: address) { phase in
      guard case .receiving(let since) = phase, now - since >= limits.patience else { return nil }
      return since
    }
  }

  /// - Parameter address: whose connections are looked at; nil for all.
  private func oldest(of address: String?, _ since: (Phase) -> Duration?) -> ID? {
    var found: (id: ID, since: Duration)?
    for (id, connection) in connections where address == nil || connection.address == address {
      guard let time = since(connection.phase), found.map({ time < $0.since }) ?? true else { continue }
      found = (id, time)
    }
    return found?.id
  }
}
