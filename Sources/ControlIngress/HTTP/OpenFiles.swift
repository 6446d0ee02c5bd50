import NIOCore
import NIOPosix

// How many connections the process's limit of open files has room for. Beyond the limit the network library can't open what
// it needs, and ends the process.

extension HTTPLimits {
  /// Files that the host has open besides connections: 15 for the database, locks, sockets and streams, as many again while
  /// it reads generations, saves presets and uses a second folder, and three for each event loop. There is one loop a core,
  /// one for OSC and one for signals.
  static func filesBesideConnections(cores: Int) -> Int { 30 + 3 * (cores + 2) }

  /// Cores that this process may use: the library has an event loop for each.
  public static var machineCores: Int { System.coreCount }

  /// Fewer places than this are not worth a start: an operator's page takes six.
  private static let fewestConnections = 8

  /// The open files without which the host does not start.
  public static func fewestOpenFiles(cores: Int = machineCores) -> Int {
    filesBesideConnections(cores: cores) + fewestConnections
  }

  /// The open files with which every connection has its place.
  public func openFiles(cores: Int = machineCores) -> Int {
    Self.filesBesideConnections(cores: cores) + connections + reservedConnections
  }

  /// These limits with as many connections as fit into `openFiles`; nil when that is fewer than
  /// ``fewestOpenFiles(cores:)``.
  public func fitting(openFiles: Int, cores: Int = machineCores) -> HTTPLimits? {
    guard openFiles >= Self.fewestOpenFiles(cores: cores) else { return nil }
    guard openFiles < self.openFiles(cores: cores) else { return self }
    let places = openFiles - Self.filesBesideConnections(cores: cores)
    var limits = self
    limits.reservedConnections = min(reservedConnections, places / 4)
    limits.connections = min(connections, places - limits.reservedConnections)
    limits.connectionsPerAddress = min(connectionsPerAddress, limits.connections)
    return limits
  }
}
