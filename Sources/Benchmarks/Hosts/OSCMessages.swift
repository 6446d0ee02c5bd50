import StudioState

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sends what the benchmark needs over OSC.
enum OSCMessages {
  /// Asks the host whose `host.started` line this is to store its live values: a durable mutation.
  static func storeLiveValues(to started: String) throws {
    let line = try JSONParser.parse(Array(started.utf8)[...], limits: .init(bytes: 1 << 16))
    guard let port = (line["osc"]?.stringValue?.split(separator: ":").last).flatMap({ UInt16($0) }) else {
      throw ChildProcess.Problem(description: "no OSC port in \(started)")
    }
    // An address and an empty list of types, each padded with zeros to a multiple of four.
    send(Array("/studio/live/store".utf8) + [0, 0] + Array(",".utf8) + [0, 0, 0], to: port)
  }

  private static func send(_ bytes: [UInt8], to port: UInt16) {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_DGRAM, 0)
    #endif
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        sendto(descriptor, bytes, bytes.count, 0, address, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
