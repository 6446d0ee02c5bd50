import Documents
import LiveRuntime
import PersistenceMessages
import StudioState
import Synchronization
import Testing

@testable import ControlIngress

private struct StepRow: Sendable {
  let name: String
  /// Oldest first, numbered from 1.
  let reasons: [String]
  var hasUnsaved = false
  let undo: Int64?
  let redo: Int64?
}

private let stepTable = [
  StepRow(name: "an empty history", reasons: [], undo: nil, redo: nil),
  StepRow(name: "the first generation", reasons: ["demo"], undo: nil, redo: nil),
  StepRow(name: "a change", reasons: ["demo", "parameter.set"], undo: 1, redo: nil),
  StepRow(name: "an unsaved change", reasons: ["demo", "opacity.set"], hasUnsaved: true, undo: 2, redo: nil),
  StepRow(name: "an undo", reasons: ["demo", "a", "b", "undo to generation 2"], undo: 1, redo: 3),
  StepRow(
    name: "two undos", reasons: ["demo", "a", "b", "undo to generation 2", "undo to generation 1"], undo: nil, redo: 2),
  StepRow(
    name: "two undos and a redo",
    reasons: ["demo", "a", "b", "undo to generation 2", "undo to generation 1", "redo to generation 2"], undo: 1,
    redo: 3),
  StepRow(
    name: "redone to the end", reasons: ["demo", "a", "undo to generation 1", "redo to generation 2"], undo: 1,
    redo: nil),
  StepRow(name: "a change after an undo", reasons: ["demo", "a", "undo to generation 1", "b"], undo: 3, redo: nil),
  StepRow(name: "a rollback", reasons: ["demo", "a", "b", "rollback to generation 1"], undo: 3, redo: nil),
  StepRow(
    name: "a rollback that was undone",
    reasons: ["demo", "a", "b", "rollback to generation 1", "undo to generation 3"], undo: 2, redo: 4),
  StepRow(
    name: "a change that was undone after an undo",
    reasons: ["demo", "a", "undo to generation 1", "b", "undo to generation 3"], undo: nil, redo: 2),
  StepRow(name: "a reason that only looks like one", reasons: ["demo", "undo to generation x"], undo: 1, redo: nil),
  StepRow(name: "a reason that leads forward", reasons: ["demo", "undo to generation 9"], undo: 1, redo: nil),
]

@Test(arguments: stepTable.indices)
func undoAndRedoLeadWhereTheListSays(row index: Int) {
  let row = stepTable[index]
  let entries = row.reasons.enumerated().map { HistorySteps.Entry(generation: Int64($0 + 1), reason: $1) }
  let steps = HistorySteps(entries.reversed(), hasUnsaved: row.hasUnsaved)
  #expect(steps.undo == row.undo, "undo after \(row.name)")
  #expect(steps.redo == row.redo, "redo after \(row.name)")
}

@Test func anUndoOutsideTheRingLeadsToWhatIsLeft() {
  let entries = [
    HistorySteps.Entry(generation: 90, reason: "undo to generation 3"), .init(generation: 80, reason: "a"),
  ]
  let steps = HistorySteps(entries, hasUnsaved: false)
  #expect(steps.undo == nil)
  #expect(steps.redo == 80)
}

@Test func anUndoBringsBackTheGenerationBefore() async throws {
  let fixture = try HTTPFixture()
  fixture.persistence.sequences.withLock { $0 = (2, 2) }
  try await fixture.serve { client in
    let change = try await client.send("PUT", "/api/v1/layers/plasma/opacity", #"{"value":0.5}"#)
    #expect(change.status == 202)
    let forecast = try await client.send("GET", "/api/v1/history")
    #expect(CanonicalJSON.text(forecast.json) == #"{"redo":null,"undo":{"changes":[{"path":"layers"}],"to":5}}"#)
    let answer = try await client.send("POST", "/api/v1/undo", "{}")
    #expect(answer.status == 200)
    #expect(answer.json["to"]?.intValue == 5)
    #expect(answer.json["stored"]?.intValue == 7)
  }
  #expect(fixture.studio.requests.elements.last?.reason == "undo to generation 5")
  #expect(fixture.studio.view.durable.layers == fixture.archive.state.layers)
}

@Test func anUndoStoresWhatIsUnsavedFirstAndRefusesWhenItCannot() async throws {
  let fixture = try HTTPFixture()
  fixture.persistence.flushed.withLock { $0 = .timedOut }
  try await fixture.serve { client in
    let answer = try await client.send("POST", "/api/v1/undo", "{}")
    #expect(answer.status == 504)
    #expect(answer.json["error"]?["code"]?.stringValue == "unsaved")
  }
  #expect(fixture.studio.requests.elements.isEmpty)
}

@Test func aRedoWithoutAnUndoHasNothingToDo() async throws {
  let fixture = try HTTPFixture()
  fixture.persistence.sequences.withLock { $0 = (2, 2) }
  try await fixture.serve { client in
    let answer = try await client.send("POST", "/api/v1/redo", "{}")
    #expect(answer.status == 409)
    #expect(answer.json["error"]?["code"]?.stringValue == "nothingToDo")
  }
}

@Test func aSingleLiveValueIsSetAndDroppedByItself() async throws {
  let fixture = try HTTPFixture()
  let path = "/api/v1/live/layers/plasma/parameters/mix"
  try await fixture.serve { client in
    let set = try await client.send("PUT", path, #"{"value":0.9}"#)
    #expect(set.status == 200)
    #expect(fixture.studio.view.liveValueCount == 1)
    let onAir = try fixture.studio.value("plasma", "mix")
    #expect(onAir == .double(0.9))
    let dropped = try await client.send("DELETE", path)
    #expect(dropped.json["persistenceRequested"]?.boolValue == false)
    let again = try await client.send("DELETE", "/api/v1/live/layers/plasma/opacity")
    #expect(again.status == 200)
    let unknown = try await client.send("DELETE", "/api/v1/live/layers/none/enabled")
    #expect(unknown.status == 404)
  }
  let onAir = try fixture.studio.value("plasma", "mix")
  #expect(onAir == .double(0.5))
  #expect(fixture.studio.requests.elements.isEmpty)
}

@Test func aPictureOfAGenerationIsRenderedOnce() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    for _ in 0..<3 {
      let answer = try await client.send("GET", "/api/v1/generations/5/preview.png")
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "image/png")
      #expect(answer.body == [0x89, 0x50])
    }
    let damaged = try await client.send("GET", "/api/v1/generations/4/preview.png")
    #expect(damaged.status == 409)
    let unknown = try await client.send("GET", "/api/v1/generations/99/preview.png")
    #expect(unknown.status == 404)
  }
  #expect(fixture.pictures.elements.count == 1)
}

@Test func picturesThatWereUsedLongestAgoMakeRoom() {
  let pictures = GenerationPictures()
  for generation in 1...Int64(GenerationPictures.capacity) { pictures.keep([1], of: generation) }
  #expect(pictures.picture(of: 1) != nil)
  pictures.keep([2], of: 1000)
  #expect(pictures.picture(of: 1) != nil)
  #expect(pictures.picture(of: 2) == nil)
  #expect(pictures.picture(of: 1000) == [2])
}

@Test func aGenerationIsDownloadedAsTheToolExportsIt() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    let answer = try await client.send("GET", "/api/v1/generations/5/export")
    #expect(answer.status == 200)
    #expect(answer.json == fixture.archive.state.exportJSON(sequence: 0))
  }
}
