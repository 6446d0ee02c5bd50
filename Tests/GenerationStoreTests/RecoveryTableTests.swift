import PersistenceMessages
import Testing

@testable import GenerationStore

// One row for each line of the tables in RecoveryTable.swift and SegmentRule.swift.

struct RecoveryRow: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var findings: RecoveryFindings
  var next: RecoveryStep

  init(
    _ words: String, after crashLoop: CrashLoopGuard.Plan = .newest, _ next: RecoveryStep,
    _ fill: (inout RecoveryFindings) -> Void = { _ in }
  ) {
    testDescription = words
    self.next = next
    findings = RecoveryFindings(crashLoop: crashLoop)
    fill(&findings)
  }
}

private let proven = CrashLoopGuard.Plan.proven(3, suspects: [5])
private let harmless = CrashLoopGuard.Plan.harmless(3, suspects: [5])

private func afterLooking(
  _ database: RecoveryFindings.Database, _ more: @escaping (inout RecoveryFindings) -> Void = { _ in }
) -> (inout RecoveryFindings) -> Void {
  {
    $0.database = database
    $0.quarantine = .nothing
    $0.elsewhere = .nothing
    more(&$0)
  }
}

@Test(arguments: [
  RecoveryRow("a start reads from the newest", .readDatabase(from: nil)),
  RecoveryRow("after a crash loop from the proven one", after: proven, .readDatabase(from: 3)),
  RecoveryRow("before a harmless state from its base", after: harmless, .readDatabase(from: 3)),
  RecoveryRow("damage is replaced", .replaceDatabase) { $0.database = .damaged(nil) },
  RecoveryRow("damage is replaced, whatever could be read", .replaceDatabase) { $0.database = .damaged(.salvaged) },
  RecoveryRow("nothing readable: the quarantine", .searchQuarantine) { $0.database = .read(nil) },
  RecoveryRow("a new folder has no predecessor", .lookElsewhere(takesNewer: true)) { $0.database = .new },
  RecoveryRow("the second folder may be newer", .lookElsewhere(takesNewer: true)) { $0.database = .read(.newest) },
  RecoveryRow("a guard that acts takes nothing newer", after: proven, .lookElsewhere(takesNewer: false)) {
    $0.database = .read(.older)
  },
  RecoveryRow("a new folder", .askProgram(.beginning), afterLooking(.new)),
  RecoveryRow("nothing anywhere", .askProgram(.lastResort), afterLooking(.read(nil))),
  RecoveryRow("the proven one loops too", after: harmless, .askProgram(.harmless), afterLooking(.read(.older))),
  RecoveryRow(
    "the program's last resort comes before its harmless state", after: harmless, .askProgram(.lastResort),
    afterLooking(.read(nil))),
  RecoveryRow(
    "a segment is read over stored state", .readSegment, afterLooking(.read(.newest)) { $0.segment = .pending }),
  RecoveryRow(
    "a segment is resumed", .begin(.newest, .resume(.everything)),
    afterLooking(.read(.newest)) { $0.segment = .crashed(attempts: 0) }),
  RecoveryRow(
    "no segment after a crash loop", after: proven, .begin(.proven, .nothing),
    afterLooking(.read(.older)) {
      $0.loaded = 3
      $0.segment = .pending
    }),
  RecoveryRow(
    "no segment over the program's state", .begin(.initial, .nothing),
    afterLooking(.new) {
      $0.program = .found(.initial)
      $0.segment = .pending
    }),
  RecoveryRow(
    "a harmless state", after: harmless, .begin(.program("harmless"), .nothing),
    afterLooking(.read(.older)) { $0.harmless = .found(.program("harmless")) }),
  RecoveryRow(
    "no harmless state", after: harmless, .begin(.older, .nothing),
    afterLooking(.read(.older)) { $0.harmless = .nothing }),
  RecoveryRow(
    "the proven generation can't be read", after: proven, .begin(.older, .nothing),
    afterLooking(.read(.older)) { $0.loaded = 2 }),
  RecoveryRow(
    "newer state elsewhere", .begin(.secondFolder, .nothing),
    afterLooking(.read(.newest)) { $0.elsewhere = .found(.secondFolder) }),
  RecoveryRow(
    "state elsewhere beside an empty folder", .begin(.secondFolder, .nothing),
    afterLooking(.new) { $0.elsewhere = .found(.secondFolder) }),
  RecoveryRow("everything is well", .begin(.newest, .nothing), afterLooking(.read(.newest))),
  RecoveryRow("found in the pages", .begin(.salvaged, .nothing), afterLooking(.read(.salvaged))),
  RecoveryRow("found in part", .begin(.partial, .nothing), afterLooking(.read(.partial))),
  RecoveryRow(
    "a predecessor", .begin(.predecessor, .nothing), afterLooking(.read(nil)) { $0.quarantine = .found(.predecessor) }),
  RecoveryRow(
    "the program's last resort", .begin(.program("preset"), .nothing),
    afterLooking(.read(nil)) { $0.program = .found(.program("preset")) }),
])
func theTableDecidesWhatAStartDoesNext(row: RecoveryRow) {
  #expect(RecoveryTable.next(row.findings) == row.next)
}

@Test(
  arguments: [
    (.pending, .nothing), (.absent, .nothing), (.ended, .nothing), (.unusable(.stale), .setAside(.stale)),
    (.unusable(.foreign), .setAside(.foreign)), (.unusable(.damaged), .setAside(.damaged)),
    (.crashed(attempts: 0), .resume(.everything)), (.crashed(attempts: 1), .resume(.durableChanges)),
    (.crashed(attempts: 2), .resume(.keyframe)), (.crashed(attempts: 3), .nothing),
  ] as [(SegmentFinding, SegmentVerdict)])
func aSegmentThatKillsItsResumptionLosesAPartEachTime(finding: SegmentFinding, verdict: SegmentVerdict) {
  #expect(SegmentRule.decide(finding) == verdict)
}
