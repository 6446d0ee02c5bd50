import Testing

@testable import ControlIngress

/// Of a machine with two cores, where the host itself needs 42 files.
private let rows: [(files: Int, connections: Int?, reserved: Int?)] = [
  (16, nil, nil), (49, nil, nil), (50, 6, 2), (64, 17, 5), (256, 198, 16), (313, 255, 16), (314, 256, 16),
  (1 << 20, 256, 16), (0, nil, nil),
]

@Test(arguments: rows) func aLimitOfOpenFilesBoundsTheConnections(files: Int, connections: Int?, reserved: Int?) {
  let limits = HTTPLimits().fitting(openFiles: files, cores: 2)
  #expect(limits?.connections == connections)
  #expect(limits?.reservedConnections == reserved)
  if let limits { #expect(limits.openFiles(cores: 2) <= max(files, HTTPLimits().openFiles(cores: 2))) }
  if let limits { #expect(limits.connectionsPerAddress <= limits.connections) }
}

@Test func aLimitThatIsNamedIsEnough() {
  for cores in [1, 2, 8, 128] {
    #expect(HTTPLimits().fitting(openFiles: HTTPLimits.fewestOpenFiles(cores: cores), cores: cores) != nil)
    #expect(HTTPLimits().fitting(openFiles: HTTPLimits.fewestOpenFiles(cores: cores) - 1, cores: cores) == nil)
    #expect(HTTPLimits().fitting(openFiles: HTTPLimits().openFiles(cores: cores), cores: cores)?.connections == 256)
  }
}
