import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a running host over HTTP/1.1, for the recovery tool and for tests: one connection a request, no redirects, no
/// retries (a mutation must not happen twice), everything bounded.
///
/// For hosts on this machine: there is no TLS. Any task may call; nothing is shared between calls.
public struct HostClient: Sendable {
  public let host: String
  public let port: Int
  /// Largest body of an answer, in bytes.
  public let maximumAnswerBytes: Int

  /// - Parameters:
  ///   - host: a name or an address, IPv6 without brackets.
  ///   - maximumAnswerBytes: 64 MiB hold an exported show of the greatest size several times.
  public init(host: String, port: Int, maximumAnswerBytes: Int = 64 << 20) {
    self.host = host
    self.port = port
    self.maximumAnswerBytes = maximumAnswerBytes
  }

  /// What stands in messages and in the Host header.
  public var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// One request and its whole answer, whatever its status.
  ///
  /// - Parameters:
  ///   - path: with its query. Bytes that can't stand in a request line are percent-encoded.
  ///   - body: sent as `application/json`; nil for a request without one.
  ///   - headers: besides those that every request has.
  ///   - timeout: for connecting, sending and receiving together. The host may have done what was asked all the same.
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
        // However the request ends, the connection ends with it.
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
  /// Beyond 292 years the greatest amount.
  fileprivate init(_ duration: Duration) {
    self = .nanoseconds(Int64(clamping: duration.attoseconds / 1_000_000_000))
  }
}
