import Concurrency
import Documents
import Foundation
import Synchronization

/// Reads `GET /api/v1/events` as it comes, on a thread of its own.
final class EventStreamReader: Sendable {
  private struct NoConnection: Error {}

  private let descriptor: Int32
  private let received = Mutex<[UInt8]>([])

  var text: String { received.withLock { String(decoding: $0, as: UTF8.self) } }

  init(port: Int) throws {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    let request = Array("GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8)
    guard connected == 0, write(descriptor, request, request.count) == request.count else { throw NoConnection() }
  }

  deinit { close(descriptor) }

  /// - Parameter marker: nil to read to the end.
  /// - Returns: whether it came before the end.
  func read(until marker: String?) async -> Bool {
    await withCheckedContinuation { continuation in
      _ = WorkerThread(name: "events") { [self] in
        var buffer = [UInt8](repeating: 0, count: 4096)
        while marker.map({ !text.contains($0) }) ?? true {
          let count = Foundation.read(descriptor, &buffer, buffer.count)
          guard count > 0 else { return continuation.resume(returning: false) }
          received.withLock { $0 += buffer[..<count] }
        }
        continuation.resume(returning: true)
      }
    }
  }
}
