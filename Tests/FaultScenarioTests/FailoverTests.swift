import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// The data folder can't be written any more: a fresh database, then the second folder, and the return.

@Test(.timeLimit(.minutes(3)), .needs(SmallFileSystem.programs, asRoot: true))
func aFullDataFolderIsLeftForTheSecondOneAndDrainedBack() async throws {
  try await withSmallFileSystem { disk in
    try await disk.place.putShow()
    let second = Place(dataFolder: disk.folder + "-second")
    let studio = try await Studio(disk.place, ["--fallback-dir", second.dataFolder])
    try await studio.storeOneChange()
    try await eventually(within: .seconds(20), "a store in the second folder") {
      try await disk.fill()
      try await studio.change()
      return FileManager.default.fileExists(atPath: second.database)
    }
    try await studio.showGoesOn()
    try await studio.isStored()
    #expect(try await second.storedMix() == studio.mix)
    #expect(studio.notices.contains { $0.contains(second.dataFolder) }, "\(studio.notices)")
    let failover = try await studio.health()["failover"]
    #expect(failover?["folder"]?.stringValue == second.dataFolder)
    #expect(failover?["cause"]?["code"] == "full")

    // The host is killed while it uses the second folder: the next one finds the newest state there.
    studio.host.kill(SIGKILL)
    await studio.host.wait()
    try await studio.startAgain()
    #expect(try await studio.client.parameter("plasma", "mix") == studio.mix)
    #expect(try await studio.host.first("host.started")["recoveredFrom"] != .null)

    // With space again the first folder takes the newest state, and all that follows.
    try await disk.free()
    try await studio.showGoesOn()
    try await eventually(within: .seconds(30), "the newest state in the first folder") {
      (try? await disk.place.storedMix()) == studio.mix
    }
    try await studio.isStored()
    #expect(try await studio.health()["failover"] == .null)
    try await studio.everythingIsOnDisk()
  }
}

/// Only the database's own files fail, in writes too: a log whose syncs alone fail is renewed and holds what was
/// stored. Three failures cost the database, three more the folder. The second one is on the same disk here, and well.
@Test(.timeLimit(.minutes(3)), .needs(["strace", "sqlite3"]))
func aFolderWhoseDiskFailsEverySyncIsLeftForTheSecondOneAndDrainedBack() async throws {
  try await withScenario { place in
    try await place.putShow()
    let second = Place(dataFolder: place.dataFolder + "-second")
    let studio = try await Studio(place, ["--fallback-dir", second.dataFolder])
    try await studio.storeOneChange()
    let fault = try await SystemCallFault(
      ["fdatasync:error=EIO", "pwrite64:error=EIO"], on: studio.host, onDatabase: place.database)
    try await studio.showGoesOn()
    try await eventually(within: .seconds(60), "a store in the second folder") {
      (try? await second.storedMix()) == studio.mix
    }
    #expect(await place.quarantined().contains { $0.hasSuffix("io-errors") }, "\(studio.notices)")
    try await studio.showGoesOn()
    try await studio.isStored(within: .seconds(30))
    #expect(try await studio.health()["failover"]?["cause"]?["code"] == "io")

    try await fault.end()
    try await studio.showGoesOn()
    try await eventually(within: .seconds(60), "the newest state in the first folder") {
      (try? await place.storedMix()) == studio.mix
    }
    try await studio.isStored()
    #expect(try await studio.health()["failover"] == .null)
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["strace", "sqlite3"]))
func aDatabaseWhoseOwnFilesGoOnFailingIsReplacedInItsFolder() async throws {
  try await withStudio { studio in
    let fault = try await SystemCallFault(
      ["fdatasync:error=EIO", "pwrite64:error=EIO"], on: studio.host, onDatabase: studio.place.database)
    try await eventually(within: .seconds(20), "the replacement of the database") {
      try await studio.change()
      return await studio.place.quarantined().contains { $0.hasSuffix("io-errors") }
    }
    try await studio.showGoesOn()
    try await fault.end()
    try await studio.isStored(within: .seconds(20))
    #expect(await studio.place.quarantined().count == 1, "\(studio.notices)")
    try await studio.everythingIsOnDisk()
  }
}
