import Documents
import DurableSessions
import PersistencePipeline
import SQLiteConnection
import Testing

@testable import RecoveryWorkbench

// The tool on the folder of a program that is not a studio: in terms of its documents and JSON paths.

private struct Desk: DurableState, Codable {
  var master = 1.0
  var cues: [String: Double] = [:]
}

extension WorkbenchFixture {
  /// Generation 1 has master 0.5, generation 2 the cue `intro`, generation 3 the cue `finale` as well.
  fileprivate func openDesk() async throws -> DurableSession<Desk> {
    let session = try await DurableSession.open(folder, initial: Desk(), program: "light-desk")
    session.update(reason: "master.set", actor: "desk") { $0.master = 0.5 }
    try await session.flush(within: .seconds(10))
    session.update(reason: "cue.set", actor: "desk") { $0.cues["intro"] = 0.25 }
    try await session.flush(within: .seconds(10))
    session.update(reason: "cue.set", actor: "desk") { $0.cues["finale"] = 1 }
    try await session.flush(within: .seconds(10))
    return session
  }

  fileprivate func closedDesk() async throws {
    _ = try await openDesk().close(within: .seconds(10))
  }
}

private let studioWords = ["LAYER", "layer", "shader", "preset "]

private func expectNoStudioWords(_ answer: Answer) {
  for line in answer.lines {
    for word in studioWords { #expect(!line.contains(word), "\(line)") }
  }
}

@Test func aProgramsGenerationsAreListedAndShownByTheirJSONPaths() async throws {
  let fixture = try WorkbenchFixture()
  try await fixture.closedDesk()
  let list = try fixture.workbench.list()
  #expect(list.lines[0].contains("DOCUMENTS"))
  #expect(list.lines.count == 4)
  expectNoStudioWords(list)
  let show = try fixture.workbench.show(try #require(GenerationSelector("2")))
  #expect(show.lines.suffix(2) == ["cues.intro: 0.25", "master: 0.5"])
  #expect(show.json["documents"]?.arrayValue?.count == 3)
  expectNoStudioWords(show)
  let first = try fixture.workbench.show(try #require(GenerationSelector("1")))
  #expect(first.lines.suffix(2) == ["cues: {}", "master: 0.5"])
}

@Test func aProgramsGenerationsAreComparedByTheirJSONPaths() async throws {
  let fixture = try WorkbenchFixture()
  try await fixture.closedDesk()
  let diff = try fixture.workbench.diff(
    try #require(GenerationSelector("1")), try #require(GenerationSelector("current")))
  #expect(diff.lines == ["cues.finale: - -> 1", "cues.intro: - -> 0.25"])
  #expect(diff.exit == .found)
}

@Test func aProgramsStateIsRolledBackAfterAForecastInTheSameWords() async throws {
  let fixture = try WorkbenchFixture()
  try await fixture.closedDesk()
  let target = try #require(GenerationSelector("2"))
  let forecast = try await fixture.workbench.rollBack(to: target, isDryRun: true)
  #expect(forecast.lines == ["rollback from generation 3 to 2 would change:", "cues.finale: 1 -> -"])
  let rolledBack = try await fixture.workbench.rollBack(to: target)
  #expect(rolledBack.json["stored"] == 4)
  let session = try await DurableSession.open(fixture.folder, initial: Desk(), program: "light-desk")
  #expect(session.state.cues == ["intro": 0.25])
  _ = await session.close(within: .seconds(10))
}

@Test func aProgramsFolderIsVerifiedPinnedQueriedAndBackedUp() async throws {
  let fixture = try WorkbenchFixture()
  try await fixture.closedDesk()
  let verified = try fixture.workbench.verify(nil, all: true)
  #expect(verified.exit == .fine)
  expectNoStudioWords(verified)
  let pinned = try await fixture.workbench.pin(try #require(GenerationSelector("1")), label: "premiere")
  #expect(pinned.exit == .fine)
  let shown = try fixture.workbench.show(try #require(GenerationSelector("premiere")))
  #expect(shown.json["generation"]?["id"] == 1)
  let rows = try fixture.workbench.shellAnswer(
    sql: "SELECT name, body FROM generation_documents WHERE kind = 'cues' AND name <> ''")
  #expect(CanonicalJSON.text(rows.json).contains("0.25"))
  let copy = "\(fixture.root)/copy.db"
  #expect(try fixture.workbench.backUp(to: copy).json["generation"] == 3)
}

@Test func aProgramsDamagedDatabaseIsSalvagedIntoAFolderThatItsProgramOpens() async throws {
  let fixture = try WorkbenchFixture()
  try await fixture.closedDesk()
  let saved = "\(fixture.root)/saved"
  let answer = try Salvaging(source: fixture.workbench.databasePath, folder: saved).run()
  #expect(answer.json["saved"]?.arrayValue?.count == 3)
  let session = try await DurableSession.open(saved, initial: Desk(), program: "light-desk")
  #expect(session.state.cues == ["finale": 1, "intro": 0.25])
  _ = await session.close(within: .seconds(10))
}

@Test func theDoctorSeesAProgramThatRunsAndDoesNotCountItsRunAsACrash() async throws {
  let fixture = try WorkbenchFixture()
  let session = try await fixture.openDesk()
  let running = try await fixture.workbench.doctor()
  let lines = running.lines.joined(separator: "\n")
  if LockHolder.areTold {
    #expect(lines.contains("has the folder in use"))
    #expect(!lines.contains("unclean"))
    let status = try await fixture.workbench.status()
    #expect(status.lines[0].contains("has it in use"))
  }
  expectNoStudioWords(running)
  _ = await session.close(within: .seconds(10))
  let stopped = try await fixture.workbench.doctor()
  #expect(!stopped.lines.joined().contains("has the folder in use"))
}

@Test func aProgramThatRunsIsReadAndNotChanged() async throws {
  let fixture = try WorkbenchFixture()
  let session = try await fixture.openDesk()
  #expect(try fixture.workbench.list().lines.count == 4)
  #expect(try fixture.workbench.verify(nil, all: true).exit == .fine)
  #expect(try fixture.workbench.backUp(to: "\(fixture.root)/copy.db").exit == .fine)
  let target = try #require(GenerationSelector("1"))
  await expectBusy { _ = try await fixture.workbench.rollBack(to: target) }
  await expectBusy { _ = try await fixture.workbench.pin(target, label: "premiere") }
  _ = await session.close(within: .seconds(10))
}

private func expectBusy(_ body: () async throws -> Void) async {
  do {
    try await body()
    Issue.record("a folder in use was changed")
  } catch {
    #expect((error as? ToolFailure)?.exit == .busy)
  }
}
