import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// A file system without space: a tmpfs of one megabyte that another program filled. And a file-size limit.

@Test(.timeLimit(.minutes(3)), .needs(SmallFileSystem.programs, asRoot: true))
func aFullDiskHoldsUpStoringUntilThereIsSpaceAgain() async throws {
  try await withSmallFileSystem { disk in
    try await disk.place.putShow()
    let studio = try await Studio(disk.place)
    try await studio.storeOneChange()
    try await eventually("a full disk") {
      try await disk.fill()
      try await studio.change()
      // The host finds room in its log and in the database, until the ballast has taken that too.
      return (try await studio.health()["lastError"]?["attempts"]?.intValue ?? 0) > 2
    }
    try await studio.showGoesOn()
    let health = try await studio.saysUnsaved("full")
    #expect(health["lastError"]?["remedy"]?.stringValue?.contains(disk.place.dataFolder) == true)
    try await studio.showGoesOn()
    try await disk.free()
    try await studio.storingResumes()
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(SmallFileSystem.programs, asRoot: true), arguments: [true, false])
func aDiskThatIsFullAtTheStartKeepsNoShowOffAir(wasKilled: Bool) async throws {
  try await withSmallFileSystem { disk in
    try await disk.place.putShow()
    let studio = try await Studio(disk.place)
    try await studio.storeOneChange()
    // After a clean end there is no shared memory of the log, and no space to make one.
    studio.host.kill(wasKilled ? SIGKILL : SIGTERM)
    await studio.host.wait()
    try await disk.fill()
    try await studio.startAgain()
    try await studio.showIsBack()
    try await studio.showGoesOn()
    try await studio.saysUnsaved("full")
    try await disk.free()
    try await studio.storingResumes()
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(SmallFileSystem.programs, asRoot: true))
func aDiskThatIsFullAtTheFirstStartKeepsNobodyOffAir() async throws {
  try await withSmallFileSystem { disk in
    try await disk.place.run(["mkdir", "-p", disk.place.dataFolder])
    try await disk.fill()
    let studio = try await Studio(disk.place, ["--demo"])
    let answer = try await studio.client.json("PUT", "/config", "{\"outputName\":\"Full\"}")
    #expect(answer.status == 202)
    #expect(try await studio.host.first("host.started")["rung"] == "demo")
    #expect(try await studio.client.parameter("plasma", "mix", view: "effective") == studio.mix)
    try await studio.saysUnsaved("full")
    try await disk.free()
    try await studio.health(within: .seconds(15), "everything stored") { $0["state"] == "saved" }
    studio.host.kill(SIGKILL)
    await studio.host.wait()
    try await studio.startAgain()
    #expect(try await studio.client.json("GET", "/config").json["outputName"] == "Full")
    #expect(try await studio.client.parameter("plasma", "mix") == studio.mix)
    try await studio.end()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["bash", "prlimit", "sqlite3"], asRoot: true))
func aFileSizeLimitHoldsUpStoringAndKillsNobody() async throws {
  try await withScenario { place in
    try await place.putShow()
    // In units of 1,024 bytes: a log of one or two changes fits, and no page of them into the database behind it.
    let studio = try await Studio(place, prefix: ["bash", "-c", "ulimit -S -f 8; exec \"$@\"", "_"])
    try await eventually("the limit") {
      try await studio.change()
      return try await studio.health()["lastError"] != .null
    }
    try await studio.showGoesOn()
    let health = try await studio.saysUnsaved("full")
    #expect(health["lastError"]?["remedy"]?.stringValue?.contains("file size limit") == true)
    try await Program.run(["prlimit", "--pid", "\(studio.host.pid)", "--fsize=unlimited:"])
    try await studio.storingResumes()
    try await studio.everythingIsOnDisk()
  }
}
