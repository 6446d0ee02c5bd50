import NIOCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ListenFailure {
  /// Describes a failed bind.
  init(binding address: ListenAddress, protocolName: String, _ error: any Error) {
    let place = "\(protocolName) \(address)"
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE:
      self.init(.inUse, "\(place) is in use by another program; stop it, or choose another port (0 picks a free one)")
    case EACCES:
      self.init(.notPermitted, "\(place) may not be used by this user; choose a port above 1023")
    case EADDRNOTAVAIL:
      self.init(.failed, "\(place): this machine has no such address; 127.0.0.1 always exists")
    default:
      if error is SocketAddressError.UnknownHost {
        self.init(.failed, "\(place): the name is not known; write an address, such as 127.0.0.1")
        return
      }
      self.init(.failed, "\(place): can't listen: \(error)")
    }
  }
}

extension SocketAddress {
  /// `127.0.0.1:9000` or `[::1]:9000`; for other kinds of sockets NIO's description.
  var hostAndPort: String {
    guard let ipAddress, let port else { return description }
    return ListenAddress(host: ipAddress, port: port).description
  }
}
