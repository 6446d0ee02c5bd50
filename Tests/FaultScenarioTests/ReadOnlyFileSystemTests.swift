import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// The file system turns read-only.

/// An ext4 in a file, on a loop device, mounted for the scenario alone.
private struct LoopFileSystem {
  static let programs = ["unshare", "nsenter", "mount", "umount", "findmnt", "mkfs.ext4", "fsck.ext4", "sqlite3"]

  let mounts: PrivateMounts
  let folder: String
  let image: String

  /// Nil when the machine gives no loop device.
  init?(beside path: String) async throws {
    mounts = try await PrivateMounts()
    folder = path
    image = "\(path).ext4"
    try await mounts.run(["mkdir", folder])
    try await mounts.run(["truncate", "-s", "8M", image])
    try await mounts.run(["mkfs.ext4", "-q", "-F", image])
    guard try await mount() else { return nil }
  }

  var place: Place { Place(dataFolder: "\(folder)/data", prefix: mounts.prefix) }

  func mount() async throws -> Bool {
    try await Program.result(mounts.prefix + ["mount", "-o", "loop,errors=remount-ro", image, folder]).status == 0
  }

  /// Makes the kernel believe that it found damage.
  func breakDown() async throws -> Bool {
    let device = try await mounts.run(["findmnt", "-n", "-o", "SOURCE", folder]).trimmingCharacters(
      in: .whitespacesAndNewlines)
    let name = (device as NSString).lastPathComponent
    return try await Program.result(["bash", "-c", "echo 1 > /sys/fs/ext4/\(name)/trigger_fs_error"]).status == 0
  }
}

@Test(.timeLimit(.minutes(3)), .needs(LoopFileSystem.programs, asRoot: true))
func aFileSystemThatTurnsReadOnlyIsToldAndTheNextOneInItsPlaceIsUsed() async throws {
  try await withScenario { outside in
    guard let disk = try await LoopFileSystem(beside: outside.dataFolder) else {
      try Test.cancel("there is no loop device")
    }
    try await disk.place.putShow()
    // The copy is the test's, so nobody else has synced it.
    try await disk.place.run(["sync", disk.place.database])
    let studio = try await Studio(disk.place)
    try await studio.storeOneChange()
    guard try await disk.breakDown() else {
      try Test.cancel("this kernel has no trigger_fs_error")
    }
    try await studio.showGoesOn()
    let health = try await studio.saysUnsaved("readOnly")
    #expect(health["state"] == "readOnly")
    #expect(try await studio.client.json("GET", "/../../healthz").status != 200)
    try await studio.showGoesOn()
    // The kernel writes no more to a file system that it gave up, so another one is mounted over it.
    try await disk.mounts.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", disk.folder])
    try await studio.storingResumes()
    try await studio.everythingIsOnDisk()
    // What was stored before is whole once the first one is checked.
    try await disk.mounts.run(["umount", disk.folder])
    try await disk.mounts.run(["umount", disk.folder])
    _ = try await Program.result(disk.mounts.prefix + ["fsck.ext4", "-y", disk.image])
    #expect(try await disk.mount())
    try await studio.isClean()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["unshare", "nsenter", "mount", "umount", "strace", "sqlite3"], asRoot: true))
func storingResumesWhenAReadOnlyFileSystemCanBeWrittenAgain() async throws {
  try await withScenario { outside in
    let mounts = try await PrivateMounts()
    let place = Place(dataFolder: outside.dataFolder, prefix: mounts.prefix)
    try await place.putShow()
    let studio = try await Studio(place)
    try await studio.storeOneChange()
    // A file system can't be made read-only while its files are open for writing, and what is mounted over it shows only
    // to those who open them anew: after an error of the disk, the host does.
    try await mounts.run(["mount", "--bind", place.dataFolder, place.dataFolder])
    try await mounts.run(["mount", "-o", "remount,bind,ro", place.dataFolder])
    let fault = try await SystemCallFault(["fdatasync:error=EIO:when=1"], on: studio.host)
    try await studio.showGoesOn()
    let health = try await studio.saysUnsaved("readOnly")
    #expect(health["state"] == "readOnly")
    try await fault.end()
    try await studio.showGoesOn()
    try await mounts.run(["umount", place.dataFolder])
    try await studio.storingResumes()
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["unshare", "nsenter", "mount"], asRoot: true))
func aFolderThatCanNotBeWrittenAtTheStartIsAClearError() async throws {
  try await withScenario { outside in
    let mounts = try await PrivateMounts()
    let place = Place(dataFolder: outside.dataFolder, prefix: mounts.prefix)
    try await place.putShow()
    try await mounts.run(["mount", "--bind", place.dataFolder, place.dataFolder])
    try await mounts.run(["mount", "-o", "remount,bind,ro", place.dataFolder])
    let host = try HostProcess(HostLaunch(dataFolder: place.dataFolder, prefix: place.prefix))
    #expect(await host.wait() == 77)
    #expect(host.spoken.contains(place.dataFolder), "\(host.spoken)")
  }
}
