import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP/1.1 client for a running host, for the recovery tool and for tests: one connection per request, no
/// redirects, no retries (a mutation must not be performed twice), and a bound on time and size.
///
/// For hosts on this machine: there is no TLS. Any task may call; calls share nothing.
public struct HostClient: Sendable {
  public let host: String
  public let port: Int
  /// Largest body of an answer, in bytes.
  public let maximumAnswerBytes: Int

  /// - Parameters:
  ///   - host: a name or an address, IPv6 without brackets.
  ///   - maximumAnswerBytes: the default of 64 MiB is several times the size of the largest exported show.
  public init(host: String, port: Int, maximumAnswerBytes: Int = 64 << 20) {
    self.host = host
    self.port = port
    self.maximumAnswerBytes = maximumAnswerBytes
  }

  /// The form used in messages and in the Host header.
  public var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Sends one request and returns its complete answer, with any status.
  ///
  /// - Parameters:
  ///   - path: the path with its query. Bytes that a request line can't contain are percent-encoded.
  ///   - body: sent as `application/json`; nil for a request without one.
  ///   - headers: additional headers.
  ///   - timeout: for connecting, sending and receiving together. After a timeout the host may have performed the
  ///     request.
  public func request(
    _ method: String, _ path: String, body: [UInt8]? = nil, headers: [(name: String, value: String)] = [],
    timeout: Duration
  ) async throws(HostRequestFailure) -> HostAnswer {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let answer = loop.makePromise(of: HostAnswer.self)
    let alarm = loop.scheduleTask(in: TimeAmount(timeout)) {
      answer.fail(HostRequestFailure(.timedOut, address, "no whole answer came within \(timeout)"))
    }
    var head = head(method, path, bodyBytes: body?.count)
    for (name, value) in headers { head.headers.add(name: name, value: value) }
    connect(on: loop, head: head, body: body, answer: answer, timeout: timeout)
    defer { alarm.cancel() }
    do {
      return try await withTaskCancellationHandler {
        try await answer.futureResult.get()
      } onCancel: {
        answer.fail(HostRequestFailure(.cancelled, address, "the request was cancelled"))
      }
    } catch {
      throw error as? HostRequestFailure ?? HostRequestFailure(.noConnection, address, "\(error)")
    }
  }

  private func connect(
    on loop: any EventLoop, head: HTTPRequestHead, body: [UInt8]?, answer: EventLoopPromise<HostAnswer>,
    timeout: Duration
  ) {
    let (address, maximumBytes) = (address, maximumAnswerBytes)
    ClientBootstrap(group: loop)
      .connectTimeout(TimeAmount(timeout))
      .channelInitializer { channel in
        // The connection ends with the request, whatever its result.
        answer.futureResult.whenComplete { _ in channel.close(promise: nil) }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(
            AnswerCollector(head: head, body: body, answer: answer, address: address, maximumBytes: maximumBytes))
        }
      }
      .connect(host: host, port: port)
      .whenFailure { error in
        answer.fail(HostRequestFailure(.noConnection, address, Self.words(for: error)))
      }
  }

  private func head(_ method: String, _ path: String, bodyBytes: Int?) -> HTTPRequestHead {
    var headers = HTTPHeaders([("Host", address), ("Connection", "close"), ("Accept", "*/*")])
    if let bodyBytes {
      headers.add(name: "Content-Type", value: "application/json")
      headers.add(name: "Content-Length", value: String(bodyBytes))
    }
    return HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: method), uri: RequestTarget.encoded(path), headers: headers)
  }

  private static func words(for error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { words(for: $0.error) } ?? "the name can't be resolved"
    case let error as IOError: error.description
    case ChannelError.connectTimeout: "the connection was not accepted in time"
    default: "\(error)"
    }
  }
}

extension TimeAmount {
  /// Saturates at the largest amount, 292 years.
  fileprivate init(_ duration: Duration) {
    self = .nanoseconds(Int64(clamping: duration.attoseconds / 1_000_000_000))
  }
}
