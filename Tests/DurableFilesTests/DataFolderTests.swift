import Glibc
import Testing

@testable import DurableFiles

@Test func missingParentsAreCreatedForTheOwnerOnly() throws {
  try withTemporaryFolder { folder in
    _ = try DataFolder.prepare("\(folder)/a/b/c//", allowUnsafeFileSystem: false)
    #expect(permissions(of: "\(folder)/a") == 0o700)
    #expect(permissions(of: "\(folder)/a/b/c") == 0o700)
    // A second start finds it as it is.
    _ = try DataFolder.prepare("\(folder)/a/b/c", allowUnsafeFileSystem: false)
  }
}

@Test func anEmptyFolderIsTightenedAndAUsedOneOnlyRemarkedOn() throws {
  try withTemporaryFolder { folder in
    #expect(mkdir("\(folder)/empty", 0o755) == 0 && chmod("\(folder)/empty", 0o755) == 0)
    _ = try DataFolder.prepare("\(folder)/empty", allowUnsafeFileSystem: false)
    #expect(permissions(of: "\(folder)/empty") == 0o700)

    #expect(mkdir("\(folder)/used", 0o755) == 0 && chmod("\(folder)/used", 0o755) == 0)
    try DurableFile.replace("\(folder)/used/file", with: [])
    let warnings = try DataFolder.prepare("\(folder)/used", allowUnsafeFileSystem: false)
    #expect(permissions(of: "\(folder)/used") == 0o755)
    #expect(warnings.contains { $0.contains("mode 755") })
  }
}

@Test func aFileInTheFoldersPlaceIsRefused() throws {
  try withTemporaryFolder { folder in
    try DurableFile.replace("\(folder)/file", with: [])
    for path in ["\(folder)/file", "\(folder)/file/below"] {
      let failure = #expect(throws: FileFailure.self) { try DataFolder.prepare(path, allowUnsafeFileSystem: false) }
      #expect(failure?.code == ENOTDIR)
    }
  }
}

@Test func theTypeOfARealFileSystemIsFound() throws {
  let warnings = try DataFolder.prepare("/dev/shm", allowUnsafeFileSystem: false)
  #expect(warnings.contains { $0.contains("tmpfs") })
}

@Test(arguments: [
  "nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "afs", "lustre", "vboxsf", "virtiofs", "fuse", "fuseblk", "fuse.sshfs",
])
func aFileSystemThatMayLoseWhatItAcknowledgedIsRefusedAndNamed(type: String) throws {
  let type = FileSystemType(name: type)
  let failure = #expect(throws: FileFailure.self) { try DataFolder.warning(for: type, "/data", isAllowed: false) }
  #expect(failure?.message.contains("/data lies on a file system of type \(type.name)") == true)
  #expect(failure?.remedy.contains("--allow-network-file-system") == true)
  let allowed = try DataFolder.warning(for: type, "/data", isAllowed: true)
  #expect(allowed?.contains("--allow-network-file-system") == true)
}

@Test(arguments: ["tmpfs", "ramfs", "overlay", "vfat", "exfat", "unheard-of"])
func aFileSystemWithALimitIsRemarkedOn(type: String) throws {
  #expect(try DataFolder.warning(for: FileSystemType(name: type), "/data", isAllowed: false)?.contains(type) == true)
}

@Test(arguments: ["ext4", "xfs", "btrfs", "zfs", "f2fs"])
func aLocalDiskIsAcceptedInSilence(type: String) throws {
  #expect(try DataFolder.warning(for: FileSystemType(name: type), "/data", isAllowed: false) == nil)
}

@Test func anUnknownFileSystemTypeIsSaid() throws {
  #expect(try DataFolder.warning(for: nil, "/data", isAllowed: false)?.contains("can't be found out") == true)
}

private let mounts = MountTable(
  """
  27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
  22 27 0:21 / /proc rw,relatime - proc proc rw
  90 27 0:50 /vol /data rw,relatime - btrfs /dev/vdb rw
  91 90 0:51 / /data/net rw,relatime master:2 shared:9 - nfs4 server:/x rw
  92 27 0:52 / /mnt/with\\040space rw - fuse.sshfs host:/ rw
  93 27 0:53 / /data/net rw - xfs /dev/vdc rw
  short line
  94 27 0:54 / /broken rw
  """)

@Test(arguments: [
  ("/data/net/x", 51, "nfs4"),  // the device decides
  ("/data/x", 999, "btrfs"),  // a Btrfs subvolume has a number that no mount has
  ("/data/net/x", 999, "xfs"),  // of two mounts on one point the later one is seen
  ("/database", 999, "ext4"),  // a longer name is not within the shorter one
  ("/mnt/with space/show", 999, "fuse.sshfs"),
  ("/", 999, "ext4"),
])
func theMountAroundAFolderIsFound(path: String, minor: UInt64, type: String) {
  #expect(mounts.fileSystemType(device: minor, path: path)?.name == type)
}

@Test func deviceNumbersAreUnpackedAsLinuxPacksThem() {
  #expect(MountTable.number(ofDevice: 65024) == "254:0")
  #expect(MountTable.number(ofDevice: 27) == "0:27")
  // makedev(0x12345, 0xABCDE)
  #expect(MountTable.number(ofDevice: 0x1_2000_ABC3_45DE) == "74565:703710")
}

@Test func withoutATableTheTypeIsUnknown() {
  #expect(MountTable("").fileSystemType(device: 1, path: "/data") == nil)
}
