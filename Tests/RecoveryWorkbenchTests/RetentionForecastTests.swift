import Documents
import GenerationStore
import Studio
import StudioState
import Testing

@testable import RecoveryWorkbench

private let hour: Int64 = 3_600_000
private let day = 24 * hour

private func summary(_ generation: Int64, at time: Int64, pin: String? = nil, isProven: Bool = false)
  -> GenerationSummary
{
  GenerationSummary(
    generation: generation, sequence: UInt64(generation), storedAtUnixMs: time, isProven: isProven, pin: pin)
}

private func facts(_ policy: RetentionPolicy, frozenThrough: Int64? = nil) -> DatabaseFacts {
  DatabaseFacts(schema: 1, pageSize: 1024, pages: 8, freePages: 0, retention: policy, frozenThrough: frozenThrough)
}

@Test func everyGenerationHasAReasonToStayOrToGo() {
  let generations = [
    summary(1, at: 0), summary(2, at: day), summary(3, at: day + 1), summary(4, at: 2 * day, pin: "premiere"),
    summary(5, at: 2 * day + hour, isProven: true), summary(6, at: 3 * day), summary(7, at: 3 * day + 1),
    summary(8, at: 3 * day + hour), summary(9, at: 3 * day + hour + 1),
  ]
  let forecast = RetentionForecast(generations, facts(RetentionPolicy(newest: 2, hourly: 1, daily: 1)))
  #expect(
    (1...9).map { forecast.words(for: $0) } == [
      "prune: older than the hours and days that are kept", "prune: a newer one of the same day is kept",
      "keep: daily", "keep: pinned", "keep: proven", "prune: a newer one of the same hour is kept", "keep: hourly",
      "keep: ring", "keep: current",
    ])
  #expect(forecast.json(for: generations[6])["retention"] == ["keep": true, "reason": "hourly"])
  #expect(
    forecast.json(for: generations[5])["retention"] == [
      "keep": false, "reason": "a newer one of the same hour is kept",
    ])
}

@Test func theNextStoreIsForetold() {
  let generations = (1...4).map { summary($0, at: $0) }
  let forecast = RetentionForecast(generations, facts(RetentionPolicy(newest: 4, hourly: 0, daily: 0)))
  #expect((1...4).allSatisfy { forecast.words(for: $0).hasPrefix("keep") })
  #expect(forecast.nextStorePrunes == [1])
}

@Test func aFrozenRingSaysSo() {
  let generations = (1...6).map { summary($0, at: $0) }
  let forecast = RetentionForecast(
    generations, facts(RetentionPolicy(newest: 2, hourly: 0, daily: 0), frozenThrough: 4))
  #expect(
    (1...6).map { forecast.words(for: $0) } == Array(repeating: "keep: frozen", count: 4) + [
      "keep: ring", "keep: current",
    ])
  #expect(forecast.policyJSON["frozenThrough"] == 4)
  #expect(forecast.lines.contains { $0.hasPrefix("frozen") })
}

@Test func theListTellsOfRetentionWithTheHostsOwnSettings() throws {
  let fixture = try WorkbenchFixture()
  var options = StoreOptions.studio(folder: fixture.folder)
  options.retention = RetentionPolicy(newest: 9, hourly: 2, daily: 1)
  try GenerationStore.open(options).close()
  let answer = try fixture.workbench.list(withRetention: true)
  #expect(answer.json["policy"] == ["newest": 9, "hourly": 2, "daily": 1, "frozenThrough": nil])
  #expect(answer.json["nextStorePrunes"] == [])
}
