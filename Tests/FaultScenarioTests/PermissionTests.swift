import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// Write permission is removed: from the user, from the file, from the file system.

@Test(.timeLimit(.minutes(3)), .needs(["setpriv", "chown", "chmod", "sqlite3"], asRoot: true))
func aFolderTakenAwayFromTheHostsUserHoldsUpStoringUntilItIsGivenBack() async throws {
  try await withScenario { place in
    try await place.putShow()
    try await Program.run(["chown", "-R", "65534:65534", place.dataFolder])
    try await Program.run(["chmod", "-R", "u=rwX,go=", place.dataFolder])
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    guard try await Program.result(nobody + ["test", "-x", "\(HostProcess.binaries)/afterimage-host"]).status == 0
    else { try Test.cancel("another user may not run the host where it was built") }
    let studio = try await Studio(place, prefix: nobody)
    try await studio.storeOneChange()
    try await Program.run(["chown", "root:root", place.dataFolder])
    try await studio.showGoesOn()
    let health = try await studio.saysUnsaved("cannotOpen", "readOnly")
    #expect(health["lastError"]?["message"]?.stringValue?.contains(place.dataFolder) == true)
    try await studio.showGoesOn()
    try await Program.run(["chown", "65534:65534", place.dataFolder])
    try await studio.storingResumes()
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["chattr", "sqlite3"], asRoot: true))
func aDatabaseThatMayNotBeWrittenAtTheStartKeepsNoShowOffAir() async throws {
  try await withStudio { studio in
    studio.host.kill(SIGTERM)
    #expect(await studio.host.wait() == 0)
    let database = studio.place.database
    guard try await Program.result(["chattr", "+i", database]).status == 0 else {
      try Test.cancel("the file system of \(database) has no immutable files")
    }
    do {
      try await studio.startAgain()
      try await studio.showIsBack()
      try await studio.showGoesOn()
      try await studio.saysUnsaved("io", "readOnly", "cannotOpen")
    } catch {
      // Or else the folder could not be removed.
      _ = try? await Program.result(["chattr", "-i", database])
      throw error
    }
    try await Program.run(["chattr", "-i", database])
    try await studio.storingResumes()
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["chattr", "sqlite3"], asRoot: true))
func aLogThatMayNotBeWrittenHoldsUpStoringUntilItMay() async throws {
  try await withStudio { studio in
    let log = studio.place.log
    guard try await Program.result(["chattr", "+i", log]).status == 0 else {
      try Test.cancel("the file system of \(log) has no immutable files")
    }
    do {
      try await studio.showGoesOn()
      try await studio.saysUnsaved("io", "readOnly", "cannotOpen")
      try await studio.showGoesOn()
    } catch {
      // Or else the folder could not be removed.
      _ = try? await Program.result(["chattr", "-i", log])
      throw error
    }
    try await Program.run(["chattr", "-i", log])
    try await studio.storingResumes()
    try await studio.everythingIsOnDisk()
  }
}
