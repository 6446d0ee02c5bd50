import Documents
import HealthReporting
import PersistenceMessages
import StudioState
import Testing

@Test func everyFieldOfTheContractIsThere() {
  let json = report(status(.saved)).json
  let names = json["persistence"]?.objectValue?.map(\.name) ?? []
  for name in [
    "state", "unsavedChanges", "oldestUnsavedAgeMs", "requestedSequence", "storedSequence", "storedGeneration",
    "lastStoredAt", "newerRequestPending", "lastError", "recoveredFrom", "coalescedRequests", "walBytes",
    "databaseBytes", "ring",
  ] {
    #expect(names.contains(name), "\(name)")
  }
  #expect(json["persistence"]?["lastError"] == .null)
  #expect(json["persistence"]?["recoveredFrom"] == .null)
  #expect(json["status"] == "ok")
}

@Test func aFailingHostSaysWhatIsUnsavedAndWhatHoldsItBack() {
  let persistence = status(
    .failing, unsaved: 3, age: .milliseconds(4250), lastFailure: failure(.full, attempt: 5),
    nextRetryIn: .milliseconds(1800), failingFor: .milliseconds(3900))
  let text = CanonicalJSON.text(report(persistence).json["persistence"] ?? .null)
  #expect(
    text == #"{"coalescedRequests":12,"databaseBytes":65536,"failover":null,"heldBack":[],"#
      + #""lastError":{"attempts":5,"code":"full","failingForMs":3900,"message":"no space left on /data","nextRetryInMs":1800,"reason":"parameter.set","remedy":"Free space.","#
      + #""target":"runtimeState"},"lastStoredAt":"2026-07-14T09:30:00.250Z","newerRequestPending":true,"#
      + #""oldestUnsavedAgeMs":4250,"provenGeneration":3,"recoveredFrom":null,"requestedSequence":12,"#
      + #""ring":{"capacity":64,"count":5,"newest":6,"oldest":2,"pinned":1,"suspect":0},"state":"failing","#
      + #""storeTrouble":null,"storedGeneration":4,"storedSequence":9,"unsavedChanges":true,"unsavedRequests":3,"#
      + #""walAlarm":false,"walBytes":4096,"walPinnedBy":[]}"#)
}

@Test func aHostThatIsStartingSaysSoAndIsNotHealthy() {
  let report = report()
  #expect(report.json["status"] == "starting")
  #expect(report.json["persistence"] == .null)
  #expect(!report.isHealthy)
}

@Test func withoutAnOpenStoreItsFactsAreNull() {
  let persistence = report(status(.failing, unsaved: 1, age: .zero), facts: nil).json["persistence"]
  #expect(persistence?["ring"] == .null && persistence?["walBytes"] == .null)
}

@Test func whatTheStoreRunsIntoIsShown() throws {
  var facts = facts
  let full = StoreFailure(.full, "no space left on /data", remedy: "Free space.")
  facts.walBytes = StoreFacts.walAlarmBytes
  facts.walPinnedBy = ["sqlite3 (PID 4711)"]
  facts.heldBack = [.init(path: "layers.a.opacity", problem: "not finite")]
  facts.failover = .init(folder: "/spare", cause: full)
  facts.trouble = full
  let json = report(status(.saved), facts: facts).json
  let persistence = try #require(json["persistence"])
  #expect(json["status"] == "degraded")
  #expect(persistence["walAlarm"] == true)
  #expect(persistence["walPinnedBy"] == ["sqlite3 (PID 4711)"])
  #expect(persistence["heldBack"] == [["path": "layers.a.opacity", "problem": "not finite"]])
  #expect(persistence["failover"]?["folder"] == "/spare")
  #expect(persistence["failover"]?["cause"]?["code"] == "full")
  #expect(persistence["storeTrouble"]?["remedy"] == "Free space.")
}

@Test func theRecoveryAtTheStartStaysVisible() {
  let telemetry = telemetry()
  telemetry.setRecovered(from: "generation 41", rung: "olderGeneration", lost: ["generation 42: layer wash"])
  #expect(
    report(status(.saved), of: telemetry).json["persistence"]?["recoveredFrom"]
      == ["from": "generation 41", "rung": "olderGeneration", "lost": ["generation 42: layer wash"]])
}

@Test func videoAndOSCFiguresAreShown() {
  let json = report(status(.saved)).json
  #expect(json["video"]?["displayedLate"] == 2)
  #expect(json["video"]?["dropped"] == 1)
  #expect(json["osc"]?["badPackets"] == 3)
}

@Test(arguments: [
  (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1970-01-01T00:00:00.000Z"),
  (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
  (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_784_021_400_250, "2026-07-14T09:30:00.250Z"),
  (.max, "9999-12-31T23:59:59.999Z"), (.min, "1970-01-01T00:00:00.000Z"),
])
func timesAreISO8601InUTC(unixMs: Int64, text: String) {
  #expect(UTCTime.text(unixMilliseconds: unixMs) == text)
}
