import DurableFiles
import Testing

@testable import GenerationStore

private func summary(
  _ generation: Int64, proven: Bool = false, suspect: Bool = false, current: Bool = false
) -> GenerationSummary {
  let record = GenerationRecord(
    generation: generation, sequence: generation, storedAtUnixMs: 0, origin: "mutation", reason: "", actor: "",
    requests: 1, items: 1, bytes: 1, isKeyframe: false)
  var summary = GenerationSummary(record, [], isCurrent: current)
  summary.isProven = proven
  summary.isSuspect = suspect
  return summary
}

/// Crashed runs, newest first, by the generation that each began with.
private func crashes(_ generations: Int64?...) -> [HostRun] {
  generations.enumerated().map {
    HostRun(run: 100 - Int64($0), startedAtUnixMs: 0, ending: $0 == 0 ? .running : .unclean, generation: $1)
  }
}

private let earlier = HostRun(run: 1, startedAtUnixMs: 0, endedAtUnixMs: 1, ending: .clean, generation: 1)
/// Generation 3 is proven, 4 and 5 are not.
private let ring = [summary(5, current: true), summary(4), summary(3, proven: true), summary(2, proven: true)]

struct GuardRow: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var runs: [HostRun]
  var generations: [GenerationSummary]
  var plan: CrashLoopGuard.Plan
}

@Test(arguments: [
  GuardRow(testDescription: "no run yet", runs: [], generations: ring, plan: .newest),
  GuardRow(testDescription: "two crashes", runs: crashes(5, 5) + [earlier], generations: ring, plan: .newest),
  GuardRow(
    testDescription: "three crashes on one generation", runs: crashes(5, 5, 5) + [earlier], generations: ring,
    plan: .proven(3, suspects: [5])),
  GuardRow(
    testDescription: "three crashes while the show changed", runs: crashes(5, 4, 4), generations: ring,
    plan: .proven(3, suspects: [4, 5])),
  GuardRow(
    testDescription: "the proven one was loaded and died before its copy was stored", runs: crashes(3, 5, 5, 5),
    generations: [summary(5, suspect: true, current: true), summary(3, proven: true)],
    plan: .proven(3, suspects: [5])),
  GuardRow(
    testDescription: "the copy of the proven one died once", runs: crashes(3, 5, 5, 5),
    generations: [summary(6, current: true), summary(5, suspect: true), summary(3, proven: true)], plan: .newest),
  GuardRow(
    testDescription: "the proven one loops too", runs: crashes(6, 6, 3, 5, 5, 5),
    generations: [summary(6, current: true), summary(5, suspect: true), summary(3, proven: true)],
    plan: .harmless(3, suspects: [5, 6])),
  GuardRow(
    testDescription: "the newest is the proven one", runs: crashes(3, 3, 3),
    generations: [summary(3, proven: true, current: true)], plan: .newest),
  GuardRow(
    testDescription: "the proven newest one goes on crashing", runs: crashes(3, 3, 3, 3, 3, 3),
    generations: [summary(3, proven: true, current: true)], plan: .harmless(3, suspects: [])),
  GuardRow(
    testDescription: "nothing was ever proven", runs: crashes(2, 2, nil),
    generations: [summary(2, current: true)], plan: .harmless(2, suspects: [2])),
  GuardRow(testDescription: "no generation", runs: crashes(nil, nil, nil), generations: [], plan: .newest),
])
func theGuardDecidesByItsTable(row: GuardRow) {
  #expect(CrashLoopGuard.plan(runs: row.runs, generations: row.generations, limit: 3) == row.plan)
}

/// Runs can't be noted on a full disk, and not before the start that dies has come so far.
@Test func startsThatWereCountedAreBelievedBeforeTheRuns() {
  let plan = { (starts: Int) in
    CrashLoopGuard.plan(runs: [], generations: ring, starts: StartTally(starts: starts), limit: 3)
  }
  #expect(plan(3) == .proven(3, suspects: [5]))
  #expect(plan(2) == .newest)
  // All of these ended in good order, in a second folder.
  #expect(
    CrashLoopGuard.plan(runs: crashes(5, 5, 5), generations: ring, starts: StartTally(starts: 0), limit: 3) == .newest)
}

@Test func theCountOfStartsIsReadBackOrNothing() throws {
  let fixture = try StoreFixture()
  try DataFolder.createFolder(fixture.folder)
  let count = StartCount(folder: fixture.folder)
  let path = "\(fixture.folder)/starts.json"
  #expect(count.read() == nil)
  let boot = "0b5c1e9a-7d3f-4c1b-9a56-1f2e3d4c5b6a"
  for tally in [
    StartTally(starts: 0), StartTally(starts: 1_000_000, boot: boot, limit: 50), StartTally(starts: 1, boot: boot),
    StartTally(starts: 12, limit: 0),
  ] {
    count.write(tally)
    #expect(count.read() == tally)
    #expect(try DurableFile.read(path, limit: 1000)?.count == 128)
    count.writeDurably(StartTally(starts: 0, boot: boot))
    #expect(count.read() == StartTally(starts: 0, boot: boot))
  }
  // As version 0.1.0 wrote it.
  let old = Array("{\"starts\":2}".utf8)
  let padding = [UInt8](repeating: UInt8(ascii: " "), count: 63 - old.count) + [UInt8(ascii: "\n")]
  try DurableFile.replace(path, with: old + padding)
  #expect(count.read() == StartTally(starts: 2))
  for damage in ["", "{}", "{\"starts\":-1}", "{\"starts\":1e99}", "starts", String(repeating: "[", count: 150)] {
    try DurableFile.replace(path, with: Array(damage.utf8))
    #expect(count.read() == nil, "\(damage)")
  }
  try DurableFile.replace(path, with: Array("{\"boot\":\"\\n\",\"starts\":2}".utf8))
  #expect(count.read() == StartTally(starts: 2), "a boot that can't be one")
  // What can't be written is not believed any more.
  try DurableFile.remove(path)
  try DataFolder.createFolder(path)
  count.write(StartTally(starts: 2))
  #expect(count.read() == nil)
}

@Test func zeroTurnsTheGuardOff() {
  #expect(CrashLoopGuard.plan(runs: crashes(5, 5, 5, 5, 5, 5), generations: ring, limit: 0) == .newest)
}

/// A host that had run for hours when the power failed did not crash on what it ran.
@Test func aRunThatLastedForItsProvingTimeIsNoCrash() {
  var runs = crashes(5, 5, 5)
  runs[1].healthyAtUnixMs = 1
  #expect(CrashLoopGuard.plan(runs: runs, generations: ring, limit: 3) == .newest)
  #expect(CrashLoopGuard.crashesInARow(runs) == 1)
}

@Test func anOrderlyEndBreaksTheRow() {
  var runs = crashes(5, 5, 5)
  runs[2].ending = .unsaved
  #expect(CrashLoopGuard.plan(runs: runs, generations: ring, limit: 3) == .newest)
}

// Ends with the machine.

struct BootRow: Sendable {
  var starts: Int
  /// The boot that they were counted under.
  var counted: String?
  var now: String?
  var crashes: Int
}

@Test(arguments: [
  BootRow(starts: 3, counted: "a", now: "a", crashes: 3), BootRow(starts: 3, counted: "a", now: "b", crashes: 2),
  BootRow(starts: 1, counted: "a", now: "b", crashes: 0), BootRow(starts: 0, counted: "a", now: "b", crashes: 0),
  BootRow(starts: 3, counted: nil, now: "b", crashes: 3), BootRow(starts: 3, counted: "a", now: nil, crashes: 3),
])
func anEndWithTheMachineIsNotCountedAsACrash(row: BootRow) {
  #expect(StartTally(starts: row.starts, boot: row.counted).crashes(underBoot: row.now) == row.crashes)
}

@Test func powerCutsInARowNeverBringTheGuardUp() {
  var tally: StartTally?
  for boot in 0..<20 {
    let next = StartTally(starts: 0, boot: "boot-\(boot)")
    tally = (tally ?? next).counting(underBoot: next.boot, limit: 3)
    #expect(tally?.starts == 1)
    let plan = CrashLoopGuard.plan(
      runs: [], generations: ring, starts: tally, boot: "boot-\(boot + 1)", limit: 3)
    #expect(plan == .newest)
  }
}

/// A machine that crashes with its host in between does not hide a loop.
@Test func aPowerCutDoesNotEndARowOfCrashes() {
  var tally = StartTally(starts: 0)
  for boot in ["a", "a", "b", "b"] { tally = tally.counting(underBoot: boot, limit: 3) }
  // Start 1 crashed, start 2 ended with boot a, 3 and 4 crashed.
  #expect(tally.crashes(underBoot: "b") == 3)
}

@Test func runsThatEndedWithTheMachineAreKnownToTheDatabase() throws {
  let fixture = try StoreFixture()
  var runs: [HostRun] = []
  for boot in ["a", "b", "c", "c"] {
    fixture.options.boot = boot
    let store = try fixture.open()
    _ = try store.beginRun(generation: 1)
    store.drop()
    runs = try fixture.reader().runs()
  }
  #expect(runs.map(\.isPowerLoss) == [false, false, true, true])
  #expect(runs.map(\.boot) == ["c", nil, nil, nil])
  // Runs 1 and 2 ended with their boots; 3 crashed, and 4 is running or crashed.
  #expect(CrashLoopGuard.crashesInARow(runs, boot: "c") == 2)
  #expect(CrashLoopGuard.crashesInARow(runs, boot: "d") == 1, "4 ended with boot c")
  #expect(CrashLoopGuard.crashesInARow(runs) == 2, "without a boot to compare with, the newest run counts")
}

@Test func theBootOfThisMachineFitsIntoItsFile() throws {
  guard let boot = BootID.current else { return }
  #expect(BootID.isUsable(boot))
  #expect(!BootID.isUsable("") && !BootID.isUsable(String(repeating: "a", count: 37)) && !BootID.isUsable("a\nb"))
}
