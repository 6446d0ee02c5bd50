import NIOCore

/// Keeps web pages away from the show.
///
/// There is no password: whoever reaches the port may drive the show, and by default only this machine can. A browser
/// on this machine, though, runs pages from anywhere, and such a page can send requests to 127.0.0.1. Three checks
/// stop it:
///
/// - A request with an `Origin` header comes from a page. It is refused unless the page was served by this very
///   address; browsers put the header on every request of a foreign page that could change something, and on event
///   streams.
/// - A page can be served under a name that later resolves to 127.0.0.1 (DNS rebinding), which makes it "the same
///   origin". Its requests still carry that name in `Host`, so only loopback names and addresses, the address that the
///   host was told to listen on, and the address that the connection really reached are accepted.
/// - Browsers leave the `Origin` header out of some requests, such as those for pictures, scripts and links. Current ones
///   say in `Sec-Fetch-Site` where such a request comes from, and pages can't set that header. `cross-site` is refused.
///   `same-site` passes: it is another port of the same machine, whose pages send an `Origin` with all that changes
///   something.
///
/// Programs such as curl send no `Origin` and the address itself as `Host`, and pass.
struct OriginPolicy: Sendable {
  /// As it was configured: a name or an address.
  let listenHost: String

  /// Nil when the request may pass.
  ///
  /// - Parameters:
  ///   - host: the `Host` header.
  ///   - fetchSite: the `Sec-Fetch-Site` header.
  ///   - localAddress: the address of this machine that the connection reached.
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

  /// One spelling for each address; nil for names. An IPv4 client of an IPv6 socket shows as `::ffff:127.0.0.1`.
  private static func canonicalAddress(_ text: String) -> String? {
    guard let address = try? SocketAddress(ipAddress: text, port: 0).ipAddress else { return nil }
    return address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
  }

  private static func isEqual(_ left: String, _ right: String) -> Bool {
    left.lowercased() == right.lowercased()
  }
}
