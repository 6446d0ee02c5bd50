import NIOPosix

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A plain blocking socket to 127.0.0.1, so that the tests can misbehave in ways that no client library offers. Every
/// call runs on a thread that may block; a read that gets nothing for ten seconds fails.
final class RawSocket: Sendable {
  enum Kind: Sendable { case tcp, udp }

  struct Failure: Error {
    let what: String
    let code = errno
  }

  private let descriptor: Int32

  static func connected(_ kind: Kind, port: Int, receiveBytes: Int32? = nil) async throws -> RawSocket {
    try await blocking { try RawSocket(kind, port, receiveBytes) }
  }

  private init(_ kind: Kind, _ port: Int, _ receiveBytes: Int32?) throws {
    #if canImport(Glibc)
      let type = kind == .tcp ? Int32(SOCK_STREAM.rawValue) : Int32(SOCK_DGRAM.rawValue)
    #else
      let type = kind == .tcp ? SOCK_STREAM : SOCK_DGRAM
    #endif
    descriptor = socket(AF_INET, type, 0)
    guard descriptor >= 0 else { throw Failure(what: "socket") }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    if var receiveBytes {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBytes, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(what: "connect") }
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) async throws {
    try await Self.blocking { [descriptor] in
      var rest = bytes[...]
      while !rest.isEmpty {
        #if canImport(Glibc)
          let flags = Int32(MSG_NOSIGNAL)
        #else
          let flags: Int32 = 0
        #endif
        let count = rest.withUnsafeBytes { write(descriptor, $0, flags) }
        guard count > 0 else { throw Failure(what: "send") }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// What the next read gives; empty at the end of the stream.
  func receive() async throws -> [UInt8] {
    try await Self.blocking { [descriptor] in
      var bytes = [UInt8](repeating: 0, count: 65_536)
      let count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      guard count >= 0 else { throw Failure(what: "receive") }
      return Array(bytes[..<count])
    }
  }

  /// Everything up to and including `mark`, or to the end of the stream.
  func receive(until mark: String) async throws -> String {
    var text = ""
    while !text.contains(mark) {
      let bytes = try await receive()
      if bytes.isEmpty { break }
      text += String(decoding: bytes, as: UTF8.self)
    }
    return text
  }

  /// Everything until the other side closes.
  func receiveAll() async throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let bytes = try await receive()
      if bytes.isEmpty { return all }
      all += bytes
    }
  }

  private static func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await NIOThreadPool.singleton.runIfActive(work)
  }
}

private func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ flags: Int32) -> Int {
  send(descriptor, bytes.baseAddress, bytes.count, flags)
}
