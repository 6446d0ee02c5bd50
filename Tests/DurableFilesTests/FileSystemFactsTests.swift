import Testing

@testable import DurableFiles

/// One device at two points, as bind mounts have it: the options are those of the deepest point around the path.
@Test func theOptionsAreThoseOfTheMountAroundThePath() {
  let table = MountTable(
    """
    20 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
    21 20 254:0 /srv /srv/show ro,relatime - ext4 /dev/vda rw,discard
    22 20 0:40 / /mnt/nas rw - nfs4 server:/export rw,vers=4.2
    """)
  let device: UInt64 = 254 << 8
  #expect(table.mount(device: device, path: "/srv/show/data")?.options == ["ro", "relatime", "rw", "discard"])
  #expect(table.mount(device: device, path: "/home")?.options == ["rw", "relatime", "discard"])
  #expect(table.mount(device: 40, path: "/mnt/nas/show")?.source == "server:/export")
}

@Test func aNetworkIsKnownByTheType() {
  #expect(FileSystemType(name: "nfs4").isNetwork)
  #expect(FileSystemType(name: "cifs").isNetwork)
  #expect(!FileSystemType(name: "ext4").isNetwork)
  #expect(!FileSystemType(name: "tmpfs").isNetwork)
}

@Test func aFolderTellsItsFileSystem() throws {
  let facts = try #require(FileSystemFacts(of: "/"))
  #expect((0...facts.totalBytes).contains(facts.freeBytes))
  #expect(facts.mountPoint == "/" || facts.mountPoint == nil)
  #expect(FileSystemFacts(of: "/there is no such folder") == nil)
}
