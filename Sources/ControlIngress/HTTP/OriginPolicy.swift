import NIOCore

/// Refuses requests that come from web pages of other sites.
///
/// There is no password: any program that reaches the port may control the show. By default only programs on this
/// machine can. A browser on this machine, however, runs pages from any site, and such a page can send requests to
/// 127.0.0.1. Three checks prevent this:
///
/// - A request with an `Origin` header comes from a page. It is refused unless the page was served from this address.
///   Browsers add the header to every request of a foreign page that could change something, and to event streams.
/// - A page can be served under a name that later resolves to 127.0.0.1 (DNS rebinding), which makes it "the same
///   origin". Its requests still carry that name in `Host`, so only loopback names and addresses, the configured listen
///   address and the local address of the connection are accepted.
/// - Browsers omit the `Origin` header from some requests, such as those for pictures, scripts and links. Current
///   browsers state the kind of their source in `Sec-Fetch-Site`, and pages can't set that header. `cross-site` is
///   refused. `same-site` is accepted: it is another port of the same machine, whose pages send an `Origin` with every
///   request that changes something.
///
/// Programs such as curl send no `Origin` and the address itself as `Host`, and are accepted.
struct OriginPolicy: Sendable {
  /// The configured name or address.
  let listenHost: String

  /// The reason to refuse the request; nil if it is accepted.
  ///
  /// - Parameters:
  ///   - host: the `Host` header.
  ///   - fetchSite: the `Sec-Fetch-Site` header.
  ///   - localAddress: the local address of the connection.
  func refusal(host: String?, origin: String?, fetchSite: String? = nil, localAddress: String?) -> RequestRejection? {
    guard let host, let name = Self.name(of: host) else {
      return RequestRejection(400, "badHost", "the Host header is missing or no HOST:PORT")
    }
    guard isOurs(name, localAddress: localAddress) else {
      return RequestRejection(
        403, "foreignHost", "\"\(name)\" is no name of this host; use its address, such as 127.0.0.1, or localhost")
    }
    if let origin {
      guard !Self.isEqual(origin, "http://\(host)") else { return nil }
      return Self.foreignOrigin("pages of \(origin)")
    }
    return fetchSite.map { Self.isEqual($0, "cross-site") } == true ? Self.foreignOrigin("pages of other sites") : nil
  }

  private static func foreignOrigin(_ pages: String) -> RequestRejection {
    RequestRejection(403, "foreignOrigin", "\(pages) may not control this host; only its own pages and programs may")
  }

  private func isOurs(_ name: String, localAddress: String?) -> Bool {
    if Self.isEqual(name, "localhost") || Self.isEqual(name, listenHost) { return true }
    guard let address = Self.canonicalAddress(name) else { return false }
    return address == "::1" || address.hasPrefix("127.") || address == localAddress.flatMap(Self.canonicalAddress)
  }

  /// The host of `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`.
  private static func name(of host: String) -> String? {
    if host.hasPrefix("[") {
      guard let end = host.firstIndex(of: "]") else { return nil }
      return String(host[host.index(after: host.startIndex)..<end])
    }
    let name = host.prefix { $0 != ":" }
    return name.isEmpty ? nil : String(name)
  }

  /// A canonical spelling of an address; nil for names. An IPv4 client of an IPv6 socket appears as `::ffff:127.0.0.1`.
  private static func canonicalAddress(_ text: String) -> String? {
    guard let address = try? SocketAddress(ipAddress: text, port: 0).ipAddress else { return nil }
    return address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
  }

  private static func isEqual(_ left: String, _ right: String) -> Bool {
    left.lowercased() == right.lowercased()
  }
}
