import Documents
import HealthReporting
import PersistenceMessages
import StudioState
import Testing

// The loss of a start stays visible until it is acknowledged: the rules, and their effect on health.

private let rungs = [
  ProgramRung("preset"), ProgramRung("layersOff", blankState: .isHeldUntilShown),
  ProgramRung("empty", blankState: .isHeldUntilAcknowledged),
]

private func loss(
  _ rung: String, _ lost: String..., blank: String? = nil, acknowledgedAt: String? = nil
) -> LossRecord {
  LossRecord(
    at: "2026-11-24T20:00:00.000Z", rung: rung, lost: lost, files: ["/srv/show/quarantine/x"],
    command: "afterimage doctor",
    blank: blank, acknowledgedAt: acknowledgedAt)
}

struct LossRow: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var recorded: LossRecord?
  var found: LossRecord?
  var isOpen: Bool
  var rung: String?
  var lost: [String]
}

@Test(arguments: [
  LossRow(testDescription: "nothing was ever lost", isOpen: false, lost: []),
  LossRow(testDescription: "a first loss", found: loss("empty", "all"), isOpen: true, rung: "empty", lost: ["all"]),
  LossRow(
    testDescription: "a good start after a loss", recorded: loss("empty", "all"), isOpen: true, rung: "empty",
    lost: ["all"]),
  LossRow(
    testDescription: "a good start after an acknowledged loss", recorded: loss("empty", "all", acknowledgedAt: "later"),
    isOpen: false, rung: "empty", lost: ["all"]),
  LossRow(
    testDescription: "a second loss", recorded: loss("empty", "all"), found: loss("newest", "3 are missing"),
    isOpen: true, rung: "empty", lost: ["all", "3 are missing"]),
  LossRow(
    testDescription: "a second loss on a rung of the program that cost less", recorded: loss("empty", "all"),
    found: loss("preset", "nearly all"), isOpen: true, rung: "empty", lost: ["all", "nearly all"]),
  LossRow(
    testDescription: "the same loss again", recorded: loss("newest", "3 are missing"),
    found: loss("newest", "3 are missing"), isOpen: true, rung: "newest", lost: ["3 are missing"]),
  LossRow(
    testDescription: "a condition that lasts and was acknowledged",
    recorded: loss("newest", "3 are missing", acknowledgedAt: "later"), found: loss("newest", "3 are missing"),
    isOpen: false, rung: "newest", lost: ["3 are missing"]),
  LossRow(
    testDescription: "more is missing than was acknowledged",
    recorded: loss("newest", "3 are missing", acknowledgedAt: "later"), found: loss("newest", "4 are missing"),
    isOpen: true, rung: "newest", lost: ["4 are missing"]),
  LossRow(
    testDescription: "the show is lost again, in the same words",
    recorded: loss("empty", "all", acknowledgedAt: "later"), found: loss("empty", "all"), isOpen: true, rung: "empty",
    lost: ["all"]),
])
func aLossStaysUntilItIsAcknowledged(row: LossRow) {
  let record = LossRecord.after(start: row.found, recorded: row.recorded, rungs: rungs)
  #expect(record?.isOpen ?? false == row.isOpen)
  #expect(record?.rung == row.rung)
  #expect(record?.lost ?? [] == row.lost)
}

@Test func aRecordedLossIsBounded() {
  var record = loss("older", "first")
  for number in 0..<200 {
    record = LossRecord.after(start: loss("older", "\(number)"), recorded: record, rungs: rungs) ?? record
  }
  #expect(record.lost.count == LossRecord.most)
  #expect(record.lost.first == "first")
}

@Test func anEmptyRecoveredShowIsHeldFromProofUntilItIsAcknowledgedOrChanged() {
  let empty = loss("empty", "all", blank: "empty")
  #expect(empty.holdsProof(whenBlank: true, rungs: rungs))
  #expect(!empty.holdsProof(whenBlank: false, rungs: rungs))
  #expect(!empty.acknowledged(at: "later").holdsProof(whenBlank: true, rungs: rungs))
  #expect(!loss("older", "one").holdsProof(whenBlank: true, rungs: rungs), "a show that is dark on purpose")
}

@Test func layersThatAreOffAreNeverProvenByThemselves() {
  let off = loss("layersOff", "all layers are off", blank: "layersOff")
  #expect(off.holdsProof(whenBlank: true, rungs: rungs))
  #expect(off.acknowledged(at: "later").holdsProof(whenBlank: true, rungs: rungs))
  #expect(!off.holdsProof(whenBlank: false, rungs: rungs))
  // Being blank outlasts another loss that is found later.
  let later = LossRecord.after(start: loss("newest", "3 are missing"), recorded: off, rungs: rungs)
  #expect(later?.holdsProof(whenBlank: true, rungs: rungs) == true)
  let again = LossRecord.after(
    start: loss("newest", "3 are missing"), recorded: off.acknowledged(at: "later"), rungs: rungs)
  #expect(again?.holdsProof(whenBlank: true, rungs: rungs) == true)
}

@Test func aLayerThatIsOnEndsTheAnnouncementOfLayersOffOnly() {
  #expect(loss("layersOff", "off", blank: "layersOff").afterShowing(at: "now", rungs: rungs)?.acknowledgedAt == "now")
  #expect(loss("layersOff", "off", "3 are missing", blank: "layersOff").afterShowing(at: "now", rungs: rungs) == nil)
  #expect(loss("empty", "all", blank: "empty").afterShowing(at: "now", rungs: rungs) == nil)
  #expect(loss("layersOff", "off", blank: "layersOff").afterProof()?.blank == nil)
}

@Test func aLossReadsBackAsItWasWritten() {
  for record in [
    loss("empty", "all", blank: "empty"), loss("newest", acknowledgedAt: "2026-11-24T20:01:00.000Z"),
  ] {
    #expect(LossRecord(storedJSON: record.storedJSON) == record)
  }
  #expect(LossRecord(storedJSON: ["at": 1]) == nil)
  #expect(LossRecord(storedJSON: .null) == nil)
}

// Health.

private func report(_ loss: LossRecord?) -> HealthReport {
  let telemetry = HealthTelemetry(
    version: "0.1.0", startedAtUnixMs: 0, policy: HealthPolicy(maxDelay: .seconds(2)))
  return telemetry.report(persistence: status(.saved), facts: facts, osc: OSCFigures(), loss: loss)
}

@Test func aLossDegradesHealthAndLeavesTheProbeAlone() {
  let open = report(loss("empty", "all"))
  #expect(open.word == .degraded)
  #expect(open.isHealthy, "/healthz tells the age of what is unsaved")
  #expect(open.json["status"] == "degraded")
  #expect(
    open.json["loss"] == [
      "at": "2026-11-24T20:00:00.000Z", "rung": "empty", "lost": ["all"], "files": ["/srv/show/quarantine/x"],
      "command": "afterimage doctor",
    ])
  #expect(open.prometheusText.contains("afterimage_loss_unacknowledged 1"))
}

@Test func anAcknowledgedLossIsNotShown() {
  for record in [nil, loss("empty", "all", acknowledgedAt: "later")] {
    let report = report(record)
    #expect(report.word == .ok)
    #expect(report.json["loss"] == .null)
    #expect(report.prometheusText.contains("afterimage_loss_unacknowledged 0"))
  }
}
