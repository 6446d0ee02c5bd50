import NIOCore
import NIOPosix

// Derives the number of connections from the process's limit of open files. Beyond the limit the network library can't
// open the files it needs, and ends the process.

extension HTTPLimits {
  /// Files that the host has open besides connections: 15 for the database, locks, sockets and streams, as many again
  /// while it reads generations, saves presets and uses a second folder, and three for each event loop. There is one
  /// loop per core, one for OSC and one for signals.
  static func filesBesideConnections(cores: Int) -> Int { 30 + 3 * (cores + 2) }

  /// The number of cores that this process may use; the library has an event loop for each.
  public static var machineCores: Int { System.coreCount }

  /// The fewest connections with which the host is usable: an operator's page needs six.
  private static let fewestConnections = 8

  /// The fewest open files with which the host starts.
  public static func fewestOpenFiles(cores: Int = machineCores) -> Int {
    filesBesideConnections(cores: cores) + fewestConnections
  }

  /// The open files that all connections of these limits need.
  public func openFiles(cores: Int = machineCores) -> Int {
    Self.filesBesideConnections(cores: cores) + connections + reservedConnections
  }

  /// These limits with as many connections as fit into `openFiles`; nil if that is fewer than
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
