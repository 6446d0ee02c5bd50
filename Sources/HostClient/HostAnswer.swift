/// A host's answer to one request.
public struct HostAnswer: Sendable {
  public var status: Int
  /// In the order of the answer, unchanged.
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]

  public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header with that name, compared without regard to case.
  public func header(_ name: String) -> String? {
    let name = name.lowercased()
    return headers.first { $0.name.lowercased() == name }?.value
  }
}

/// The reason why there is no complete answer. Except after `noConnection`, the host may have performed the request.
public struct HostRequestFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// No program listens at the address.
    case noConnection
    case timedOut
    /// The answer ended early, or is not HTTP.
    case brokenAnswer
    /// The answer is larger than the client's bound.
    case tooLarge
    case cancelled
  }

  public var code: Code
  /// `host:port`.
  public var address: String
  public var detail: String

  public init(_ code: Code, _ address: String, _ detail: String) {
    self.code = code
    self.address = address
    self.detail = detail
  }

  public var description: String { "the host at \(address) can't be asked: \(detail)" }
}
