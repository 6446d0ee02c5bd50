import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// The disk answers with errors: on one system call, or on all of them until the fault is taken away; or the process is
// killed as it makes one.

/// The results of system calls for strace's `inject`, and the expected code in health.
struct DiskFault: Sendable, CustomTestStringConvertible {
  var faults: [String]
  var code: String

  init(_ faults: String..., is code: String) {
    self.faults = faults
    self.code = code
  }

  var testDescription: String { faults.joined(separator: " ") }

  static let sticky = [
    DiskFault("fdatasync:error=EIO", is: "io"),
    DiskFault("pwrite64:error=EIO", is: "io"),
    DiskFault("pwrite64:error=ENOSPC", is: "full"),
    DiskFault("fdatasync:error=ENOSPC", is: "full"),
    DiskFault("pwrite64:error=EDQUOT", is: "full"),
    DiskFault("fdatasync:error=EIO", "fsync:error=EIO", "pwrite64:error=EIO", is: "io"),
  ]

  static let transient = [
    DiskFault("fdatasync:error=EIO:when=1", is: "io"),
    DiskFault("fdatasync:error=EIO:when=2", is: "io"),
    DiskFault("pwrite64:error=EIO:when=1", is: "io"),
    DiskFault("pwrite64:error=EIO:when=4", is: "io"),
    DiskFault("pwrite64:error=ENOSPC:when=3", is: "full"),
  ]
}

@Test(.timeLimit(.minutes(3)), .needs(["strace", "sqlite3"]), arguments: DiskFault.sticky)
func aDiskThatFailsEveryCallHoldsUpStoringAndNothingElse(_ disk: DiskFault) async throws {
  try await withStudio { studio in
    let fault = try await SystemCallFault(disk.faults, on: studio.host)
    try await studio.showGoesOn()
    // SQLite does not keep the reason (errno) of every failure, and then it is called an I/O error.
    try await studio.saysUnsaved(disk.code, "io")
    try await studio.showGoesOn()
    try await fault.end()
    try await studio.storingResumes()
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["strace", "sqlite3"]), arguments: DiskFault.transient)
func oneFailedCallIsToldAndMadeGoodByItself(_ disk: DiskFault) async throws {
  try await withStudio { studio in
    let fault = try await SystemCallFault(disk.faults, on: studio.host)
    try await eventually("a failure in the journal") {
      try await studio.change()
      return !studio.host.lines("persistence.failed").isEmpty
    }
    #expect(studio.host.lines("persistence.failed").first?["code"]?.stringValue == disk.code)
    try await studio.showGoesOn()
    try await studio.storingResumes()
    try await fault.end()
    try await studio.everythingIsOnDisk()
  }
}

@Test(
  .timeLimit(.minutes(3)), .needs(["strace", "sqlite3"]),
  arguments: ["pwrite64:when=1", "pwrite64:when=2", "pwrite64:when=5", "fdatasync:when=1", "fdatasync:when=2"])
func killedInASystemCallTheShowIsTheLastStoredOneOrNewer(call: String) async throws {
  try await withStudio { studio in
    let parts = call.split(separator: ":")
    let fault = try await SystemCallFault(["\(parts[0]):signal=KILL:\(parts[1])"], on: studio.host)
    while studio.host.process.isRunning {
      guard (try? await studio.change()) != nil else { break }
    }
    #expect(await studio.host.wait() == -SIGKILL)
    try await fault.end()
    let told = try #require(studio.host.lines("persistence.stored").last?["sequence"]?.intValue)
    try await studio.startAgain()
    try await studio.showIsOneThatWasAccepted(notBefore: told)
    try await studio.end()
  }
}

@Test(
  .timeLimit(.minutes(3)), .needs(["strace", "sqlite3"]),
  arguments: [
    DiskFault("fdatasync:error=EIO", is: "io"), DiskFault("pwrite64:error=EIO", is: "io"),
    DiskFault("pwrite64:error=ENOSPC", "ftruncate:error=ENOSPC", is: "full"),
  ], [true, false])
func aDiskThatFailsFromTheStartOnKeepsNoShowOffAir(_ disk: DiskFault, wasKilled: Bool) async throws {
  try await withStudio { studio in
    // After a clean end there is no log and no shared memory of it.
    studio.host.kill(wasKilled ? SIGKILL : SIGTERM)
    await studio.host.wait()
    try await studio.startAgain(prefix: SystemCallFault.prefix(disk.faults, onDatabase: studio.place.database))
    try await studio.showIsBack()
    try await studio.showGoesOn()
    try await studio.saysUnsaved(disk.code)
    try await SystemCallFault.end(on: studio.host)
    try await studio.storingResumes(within: .seconds(20))
    try await studio.everythingIsOnDisk()
  }
}
