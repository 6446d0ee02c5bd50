import Documents
import Foundation
import HostHarness
import StudioState
import Testing

// Another program has the database open: it holds the write lock, or reads for minutes.

@Test(.timeLimit(.minutes(3)), .needs(["sqlite3"]), arguments: [false, true])
func aWriteLockInAShellIsNamedAndWaitedOut(isStopped: Bool) async throws {
  try await withStudio { studio in
    let shell = try DatabaseShell(studio.place.database)
    try await shell.run("BEGIN IMMEDIATE;")
    if isStopped { shell.signal(SIGSTOP) }
    try await studio.showGoesOn()
    let health = try await studio.saysUnsaved("busy")
    let message = health["lastError"]?["message"]?.stringValue ?? ""
    #expect(message.contains(shell.name), "\(message)")
    try await studio.showGoesOn()
    try await shell.end()
    try await studio.storingResumes()
    try await studio.everythingIsOnDisk()
  }
}

@Test(.timeLimit(.minutes(3)), .needs(["sqlite3"]))
func aReaderThatPinsTheLogHoldsUpNothingAndTheLogShrinksAfterwards() async throws {
  try await withStudio { studio in
    let shell = try DatabaseShell(studio.place.database, ["-readonly"])
    try await shell.run("BEGIN; SELECT count(*) FROM generation;")
    for _ in 0..<300 { try await studio.storeOneChange() }
    let health = try await studio.health("a log of 300 stores") { ($0["walBytes"]?.intValue ?? 0) > 500_000 }
    #expect(health["state"] == "saved")
    // Once nothing is stored for two seconds, the log is to be emptied, and can't be.
    try await studio.health("the reader's name") { $0["walPinnedBy"]?.arrayValue == [.string(shell.name)] }
    #expect(studio.host.lines("persistence.failed").isEmpty)
    try await shell.end()
    try await studio.health("a log that shrank") {
      ($0["walBytes"]?.intValue ?? .max) < 64 << 10 && $0["walPinnedBy"] == []
    }
    try await studio.isStored()
    try await studio.everythingIsOnDisk()
  }
}
