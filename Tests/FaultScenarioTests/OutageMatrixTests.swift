import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// The whole disk fails one kind of call for a while and recovers, or the host ends during the outage. No stored
// generation may leave the ring or the pins, for any error, call, length and moment.

struct DiskOutage: Sendable, CustomTestStringConvertible {
  enum Ending: String, CaseIterable, Sendable {
    /// The disk answers again while the host runs.
    case heals
    /// kill -9 while the disk fails; it is well at the next start.
    case isKilled
    /// SIGTERM while the disk fails.
    case isTerminated
  }

  var call: String
  var error: String
  var milliseconds: Int
  var ending: Ending

  init(_ call: String, _ error: String, _ milliseconds: Int, _ ending: Ending) {
    self.call = call
    self.error = error
    self.milliseconds = milliseconds
    self.ending = ending
  }

  var testDescription: String { "\(call) \(error) for \(milliseconds) ms, \(ending.rawValue)" }

  /// `AFTERIMAGE_OUTAGES=all` (tools/outages) runs all of them in about 2 minutes; otherwise a representative few run.
  static var cases: [DiskOutage] {
    ProcessInfo.processInfo.environment["AFTERIMAGE_OUTAGES"] == "all" ? all : few
  }

  /// Each error, call and ending, and the lengths on both sides of the third failure (about one second).
  private static let few = [
    DiskOutage("fdatasync", "EIO", 800, .heals), DiskOutage("fdatasync", "EIO", 1200, .heals),
    DiskOutage("fdatasync", "EIO", 1200, .isKilled), DiskOutage("fdatasync", "ENOSPC", 1200, .isTerminated),
    DiskOutage("pwrite64", "EIO", 1200, .isKilled), DiskOutage("pwrite64", "EDQUOT", 1200, .heals),
    DiskOutage("ftruncate", "EIO", 1200, .isKilled),
  ]

  private static var all: [DiskOutage] {
    ["fdatasync", "pwrite64", "ftruncate"].flatMap { call in
      ["EIO", "ENOSPC", "EDQUOT"].flatMap { error in
        [400, 800, 1200, 3000, 10_000].flatMap { milliseconds in
          Ending.allCases.map { DiskOutage(call, error, milliseconds, $0) }
        }
      }
    }
  }
}

@Test(
  .enabled(if: Program.path(of: "strace") != nil && Program.path(of: "sqlite3") != nil), .timeLimit(.minutes(2)),
  arguments: DiskOutage.cases)
func anOutageOfAnyLengthKeepsRingAndPins(_ outage: DiskOutage) async throws {
  try await withStudio { studio in
    for _ in 0..<4 { try await studio.storeOneChange() }
    let pin = try await studio.client.json("PUT", "/generations/2/pin", "{\"label\":\"before the outage\"}")
    #expect(pin.status == 200)
    let before = try await studio.generations()

    let fault = try await SystemCallFault(["\(outage.call):error=\(outage.error)"], on: studio.host)
    let end = ContinuousClock.now + .milliseconds(outage.milliseconds)
    while ContinuousClock.now < end {
      try await studio.change()
      try await Task.sleep(for: .milliseconds(50))
    }
    switch outage.ending {
    case .heals:
      try await fault.end()
      try await studio.change()
      try await studio.isStored(within: .seconds(20))
    case .isKilled, .isTerminated:
      studio.host.kill(outage.ending == .isKilled ? SIGKILL : SIGTERM)
      await studio.host.wait()
      try await fault.end()
      let told = try #require(studio.host.lines("persistence.stored").last?["sequence"]?.intValue)
      try await studio.startAgain()
      let started = try await studio.host.first("host.started")
      #expect(started["rung"] == "newest")
      #expect(started["lost"] == [])
      try await studio.showIsOneThatWasAccepted(notBefore: told)
    }
    let after = try await studio.generations()
    #expect(before.isSubset(of: after), "\(before.subtracting(after)) left the ring: \(studio.notices)")
    let quarantined = await studio.place.quarantined()
    #expect(quarantined.isEmpty, "\(quarantined): \(studio.notices)")
    let halfBuilt = FileManager.default.fileExists(atPath: "\(studio.place.dataFolder)/successor")
    #expect(!halfBuilt, "a half-built database is left behind")
    try await studio.storeOneChange()
    try await studio.end()
  }
}

extension Studio {
  /// The numbers of all generations, with the label where one is pinned.
  fileprivate func generations() async throws -> Set<String> {
    let list = try await client.json("GET", "/generations").json["generations"]?.arrayValue ?? []
    return Set(list.map { "\($0["id"]?.intValue ?? 0) \($0["pinned"]?.stringValue ?? "")" })
  }
}
