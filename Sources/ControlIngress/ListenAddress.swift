/// Where a server listens: a host and a port, as in `127.0.0.1:9000`, `[::1]:9000` or `studio.local:0`.
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
  /// A name or an IP address, without brackets.
  public var host: String
  /// 0 to 65535; 0 lets the system pick a free port.
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  public init(_ text: String) throws(ListenFailure) {
    guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...]),
      let host = Self.host(text[..<colon])
    else {
      throw ListenFailure(
        .badAddress,
        "\"\(text)\" is no address to listen on: HOST:PORT is expected, such as 127.0.0.1:9000 or [::1]:9000")
    }
    self.init(host: host, port: port)
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  private static func port(_ text: Substring) -> Int? {
    guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text).flatMap { $0 <= 65535 ? $0 : nil }
  }

  private static func host(_ text: Substring) -> String? {
    var host = text
    if host.first == "[", host.last == "]" {
      host = host.dropFirst().dropLast()
      return host.contains(":") ? String(host) : nil
    }
    // Without brackets it would be ambiguous which colon ends the host.
    return host.isEmpty || host.contains(where: { $0 == ":" || $0.isWhitespace }) ? nil : String(host)
  }
}

/// The reason why a server can't listen, for the operator who starts the host.
public struct ListenFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// The text is not an address.
    case badAddress
    /// Another program uses the port.
    case inUse
    /// The system refuses a port below 1024.
    case notPermitted
    /// Another reason, such as an address that this machine does not have.
    case failed
  }

  public var code: Code
  public var description: String

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
