import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// A disk that answers late, as during a bus reset, the spin-up of a drive, or the failover of a server.

@Test(.timeLimit(.minutes(3)), .needs(["strace", "sqlite3"]), arguments: ["fdatasync", "pwrite64"])
func aDiskThatStallsForTenSecondsHoldsUpStoringAndNothingElse(call: String) async throws {
  try await withStudio { studio in
    for _ in 0..<20 { try await studio.change() }
    let inHealth = studio.takeMedianAnswer()
    let fault = try await SystemCallFault(["\(call):delay_enter=10000000:when=1"], on: studio.host)
    try await studio.showGoesOn()
    try await studio.health("a store in flight") { $0["state"] == "storing" && $0["unsavedChanges"] == true }
    // The changes are unsaved, with a growing age, while the show goes on.
    for age in [1000, 2500, 4000] as [Int64] {
      try await studio.showGoesOn()
      try await studio.health("an age above \(age) ms") { ($0["oldestUnsavedAgeMs"]?.intValue ?? 0) > age }
    }
    // The other hosts on this machine slow both down; a stall of ten seconds would show all the same.
    let beside = studio.takeMedianAnswer()
    #expect(beside < inHealth * 10 + .milliseconds(100), "\(beside) beside the stall, \(inHealth) in health")
    try await studio.isStored(within: .seconds(40))
    #expect(studio.host.lines("persistence.failed").isEmpty)
    try await fault.end()
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["strace", "sqlite3"]))
func whatIsAcceptedWhileHousekeepingStallsIsSeenToGetOld() async throws {
  try await withStudio { studio in
    // The next sync is that of the checkpoint that comes when nothing has been stored for two seconds.
    let fault = try await SystemCallFault(["fdatasync:delay_enter=12000000:when=1"], on: studio.host)
    var looks = 0
    try await eventually("a stalled checkpoint") {
      looks = try fault.isHoldingUp(studio.host) ? looks + 1 : 0
      return looks == 50
    }
    try await studio.showGoesOn()
    try await studio.health("an age") {
      $0["unsavedChanges"] == true && ($0["oldestUnsavedAgeMs"]?.intValue ?? 0) > 2000
    }
    try await studio.isStored(within: .seconds(40))
    try await fault.end()
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["strace", "sqlite3"]))
func anEndDuringAStallKeepsToItsBudgetAndSaysWhatIsUnsaved() async throws {
  try await withStudio(["--shutdown-budget-ms", "1000"]) { studio in
    let fault = try await SystemCallFault(["fdatasync:delay_enter=20000000:when=1"], on: studio.host)
    let stored = studio.sequence
    try await studio.showGoesOn()
    try await studio.health("a store in flight") { $0["state"] == "storing" }
    let start = ContinuousClock.now
    studio.host.kill(SIGTERM)
    // The one thread that strace holds can't be waited for before strace ends; all others are gone.
    try await eventually("the end of the host") { try studio.host.isZombie() }
    let took = ContinuousClock.now - start
    #expect(took < .seconds(10), "by the budget of a second, and not by the disk: \(took)")
    let stopped = try await studio.host.first("host.stopped")
    #expect(stopped["flush"] == "timed-out")
    #expect((stopped["unsaved"]?.intValue ?? 0) > 0)
    try await fault.end()
    #expect(await studio.host.wait() == 74)
    try await studio.startAgain()
    try await studio.showIsOneThatWasAccepted(notBefore: stored)
    try await studio.end()
  }
}
