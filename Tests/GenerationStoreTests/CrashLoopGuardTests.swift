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
    plan: .withoutLayers(3, suspects: [5, 6])),
  GuardRow(
    testDescription: "the newest is the proven one", runs: crashes(3, 3, 3),
    generations: [summary(3, proven: true, current: true)], plan: .newest),
  GuardRow(
    testDescription: "the proven newest one goes on crashing", runs: crashes(3, 3, 3, 3, 3, 3),
    generations: [summary(3, proven: true, current: true)], plan: .withoutLayers(3, suspects: [])),
  GuardRow(
    testDescription: "nothing was ever proven", runs: crashes(2, 2, nil),
    generations: [summary(2, current: true)], plan: .withoutLayers(2, suspects: [2])),
  GuardRow(testDescription: "no generation", runs: crashes(nil, nil, nil), generations: [], plan: .newest),
])
func theGuardDecidesByItsTable(row: GuardRow) {
  #expect(CrashLoopGuard.plan(runs: row.runs, generations: row.generations, limit: 3) == row.plan)
}

/// Runs can't be noted on a full disk, and not before the start that dies has come so far.
@Test func startsThatWereCountedAreBelievedBeforeTheRuns() {
  #expect(CrashLoopGuard.plan(runs: [], generations: ring, starts: 3, limit: 3) == .proven(3, suspects: [5]))
  #expect(CrashLoopGuard.plan(runs: [], generations: ring, starts: 2, limit: 3) == .newest)
  // All of these ended in good order, in a second folder.
  #expect(CrashLoopGuard.plan(runs: crashes(5, 5, 5), generations: ring, starts: 0, limit: 3) == .newest)
}

@Test func theCountOfStartsIsReadBackOrNothing() throws {
  let fixture = try StoreFixture()
  try DataFolder.createFolder(fixture.folder)
  let count = StartCount(folder: fixture.folder)
  let path = "\(fixture.folder)/starts.json"
  #expect(count.read() == nil)
  for starts in [0, 3, 12, 1_000_000, 1] {
    count.write(starts)
    #expect(count.read() == starts)
    #expect(try DurableFile.read(path, limit: 1000)?.count == 64)
  }
  for damage in ["", "{}", "{\"starts\":-1}", "{\"starts\":1e99}", "starts", String(repeating: "[", count: 90)] {
    try DurableFile.replace(path, with: Array(damage.utf8))
    #expect(count.read() == nil, "\(damage)")
  }
  // What can't be written is not believed any more.
  try DurableFile.remove(path)
  try DataFolder.createFolder(path)
  count.write(2)
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
