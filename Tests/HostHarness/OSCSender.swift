package import ControlIngress
import Foundation

/// Sends OSC packets to a port of this machine.
package enum OSCSender {
  package static func send(_ messages: [(String, [OSCArgument])], to port: UInt16) {
    let elements = messages.map { OSCPacket.message(OSCMessage($0.0, $0.1)) }
    let packet = OSCPacket.bundle(OSCBundle(elements))
    let bytes = OSCEncoder.encode(packet)
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bytes.withUnsafeBytes {
          sendto(descriptor, $0.baseAddress, $0.count, 0, address, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  }
}
