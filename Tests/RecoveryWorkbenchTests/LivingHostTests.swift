import Documents
import DurableFiles
import StudioState
import Testing

@testable import RecoveryWorkbench

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Even if host.lock was deleted, host.json and its process show whether a host runs.

private struct Row: Sendable {
  var what: String
  var process: String?
  var isAlive = true
  var folder: Int64 = 77
  var members: [JSONValue.Member] = [.init("startTicks", 4000), .init("folderInode", 77)]
  var hasDatabaseOpen = false
  var isHost: Bool
}

private func line(_ state: String, ticks: Int64) -> String {
  "4711 (an (odd) name) \(state) 1 2 3 0 -1 4 5 6 7 8 9 10 11 12 20 0 5 0 \(ticks) 1000 100"
}

private let rows = [
  Row(what: "the process that wrote it", process: line("S", ticks: 4000), isHost: true),
  Row(what: "stopped by a signal", process: line("T", ticks: 4000), isHost: true),
  Row(what: "its number went to another process", process: line("S", ticks: 4001), isHost: false),
  Row(what: "ended and not waited for", process: line("Z", ticks: 4000), isHost: false),
  Row(what: "gone", process: nil, isAlive: false, isHost: false),
  Row(what: "a copy of the folder", process: line("S", ticks: 4000), folder: 78, isHost: false),
  Row(
    what: "an earlier version, with the database open", process: line("S", ticks: 1), members: [],
    hasDatabaseOpen: true, isHost: true),
  Row(what: "an earlier version, killed", process: line("S", ticks: 1), members: [], isHost: false),
]

@Test(arguments: rows.indices)
func aHostIsKnownByItsProcessAndItsFolder(row: Int) {
  let row = rows[row]
  let facts = HostFacts(
    process: row.process.flatMap { ProcessFacts(line: $0) }, isAlive: row.isAlive, folderInode: row.folder,
    hasDatabaseOpen: { row.hasDatabaseOpen })
  let file = HostFile(pid: 4711, http: "127.0.0.1:1", json: .object(row.members))
  #expect(facts.areOf(file) == row.isHost, "\(row.what)")
}

@Test(arguments: ["", "4711", "4711 (name", "4711 (name) S 1 2", "4711 (n) S 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 x"])
func aStrangeProcessLineIsNoProcess(line: String) {
  #expect(ProcessFacts(line: line) == nil)
}

@Test(.enabled(if: ProcessFacts(of: getpid()) != nil)) func thisProcessRunsAndKeepsItsStart() throws {
  let facts = try #require(ProcessFacts(of: getpid()))
  #expect(facts.isRunning)
  #expect(facts.startTicks == ProcessFacts(of: getpid())?.startTicks)
}

@Test func aFolderWithoutAHostHasNone() throws {
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  #expect(LivingHost.holder(of: fixture.folder) == nil)
  // This very process is not another host: a number may come again at the next boot.
  let own: JSONValue = ["pid": .int(Int64(getpid())), "http": "127.0.0.1:1"]
  try DurableFile.replace("\(fixture.folder)/host.json", with: CanonicalJSON.encode(own))
  #expect(LivingHost.holder(of: fixture.folder) == nil)
}

@Test(.enabled(if: ProcessFacts(of: getppid()) != nil)) func aHostWhoseLockFileIsGoneStillHoldsItsFolder() async throws
{
  let fixture = try WorkbenchFixture()
  try fixture.storeThree()
  // The process that runs the tests stands for the host.
  let json: JSONValue = [
    "pid": .int(Int64(getppid())), "http": "127.0.0.1:1", "version": "0.1.0",
    "startTicks": .int(try #require(ProcessFacts(of: getppid())).startTicks),
    "folderInode": .int(try #require(inode(of: fixture.folder))),
  ]
  try DurableFile.replace("\(fixture.folder)/host.json", with: CanonicalJSON.encode(json))
  #expect(LivingHost.holder(of: fixture.folder)?.pid == getppid())
  // The lock is free, and the tool does not take it: it asks the host, which listens nowhere here.
  do throws(ToolFailure) {
    _ = try await fixture.workbench.rollBack(to: selector("1"))
    Issue.record("the tool wrote beside a host")
  } catch {
    #expect(error.exit == .hostUnreachable)
    #expect(error.message.contains("Nothing was changed"), "\(error)")
  }
  #expect(try fixture.summaries().count == 3)
}
