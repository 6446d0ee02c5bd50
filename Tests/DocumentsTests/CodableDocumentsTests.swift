import Documents
import Testing

private struct Cue: Codable, Sendable, Equatable {
  var level = 0.5
  var tags: [String] = []
}

private struct Desk: DurableState, Codable, Equatable {
  var master = 1.0
  var cues: [String: Cue] = [:]
  var count: UInt64 = 0
  var note: String? = "opening"
  var selected: Selected = .none

  enum Selected: Codable, Equatable {
    case none
    case cue(String)
  }
}

private struct Level: DurableState, Codable, Equatable {
  var value = 0.0
  init(_ value: Double = 0) { self.value = value }
  init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(Double.self) }
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

private func keys(_ documents: [Document]) -> [String] { documents.map(\.key.description).sorted() }

private func restored(_ state: Desk, over initial: Desk = Desk()) -> RestoredState<Desk> {
  Desk.restoring(from: state.documents, over: initial)
}

@Test func eachPropertyAndEachEntryOfADictionaryIsADocument() {
  let desk = Desk(cues: ["intro": Cue(), "finale": Cue()])
  #expect(keys(desk.documents) == ["count", "cues", "cues finale", "cues intro", "master", "note", "selected"])
}

@Test func aCodableStateComesBackAsItWas() {
  let states = [
    Desk(), Desk(master: 0.1 + 0.2, cues: ["intro": Cue(level: 1e-300, tags: ["é", "\"\\\n"])], count: .max),
    Desk(cues: ["": Cue(level: 0.25), "a": Cue()]), Desk(note: nil, selected: .cue("intro")),
  ]
  for state in states {
    let restored = restored(state)
    #expect(restored.state == state)
    #expect(restored.problems.isEmpty)
  }
}

@Test func aNilPropertyDoesNotTurnIntoTheInitialValue() {
  #expect(restored(Desk(note: nil), over: Desk(note: "initial")).state?.note == nil)
}

@Test func anEmptyDictionaryDoesNotTurnIntoTheInitialOne() {
  #expect(restored(Desk(), over: Desk(cues: ["initial": Cue()])).state?.cues == [:])
}

@Test func aSmallChangeWritesOneDocument() {
  let before = Desk(cues: ["intro": Cue(), "finale": Cue()])
  var after = before
  after.cues["intro"]?.level = 0.75
  #expect(keys(after.documentsChanged(since: before).written) == ["cues intro"])
  after.cues["finale"] = nil
  #expect(after.documentsChanged(since: before).removed.map(\.description) == ["cues finale"])
  #expect(after.documentsChanged(since: after) == DocumentChanges())
}

@Test func equalStatesGiveEqualBytes() {
  let names = (0..<50).map { "cue-\($0)" }
  let one = Desk(cues: Dictionary(uniqueKeysWithValues: names.map { ($0, Cue()) }))
  let other = Desk(cues: Dictionary(uniqueKeysWithValues: names.reversed().map { ($0, Cue()) }))
  #expect(one.documentsChanged(since: other) == DocumentChanges())
}

@Test func aNumberThatIsNotFiniteIsStored() {
  #expect(restored(Desk(master: .infinity)).state?.master == .infinity)
  #expect(restored(Desk(master: .nan)).state?.master.isNaN == true)
}

@Test func aDocumentThatCanNotBeUsedCostsWhatItHeldAndIsNamed() {
  let desk = Desk(master: 0.25, cues: ["intro": Cue(level: 0.1), "finale": Cue(level: 0.2)])
  var documents = desk.documents
  for index in documents.indices where ["cues intro", "master"].contains(documents[index].key.description) {
    documents[index].body = Array("[]".utf8)
  }
  let restored = Desk.restoring(from: documents, over: Desk(master: 0.9))
  #expect(restored.state?.cues == ["finale": Cue(level: 0.2)])
  #expect(restored.state?.master == 0.9)
  #expect(Set(restored.problems.map(\.key.description)) == ["cues intro", "master"])
}

@Test func aPropertyThatWasNeverStoredKeepsItsInitialValueAndIsNoProblem() {
  let documents = Desk(master: 0.25).documents.filter { $0.key.kind != "count" }
  let restored = Desk.restoring(from: documents, over: Desk(count: 7))
  #expect(restored.state?.count == 7)
  #expect(restored.state?.master == 0.25)
  #expect(restored.problems.isEmpty)
}

@Test func ofDocumentsOfAnotherProgramNothingIsOfUse() {
  let foreign = [Document(.init("layer", "bars"), body: Array("{}".utf8))]
  #expect(Desk.restoring(from: foreign, over: Desk()).state == nil)
}

@Test func aStateWithoutPropertiesIsOneDocument() {
  let level = Level(0.3)
  #expect(keys(level.documents) == ["state"])
  #expect(Level.restoring(from: level.documents, over: Level()).state == level)
  let broken = [Document(.init("state"), body: Array("{".utf8))]
  #expect(Level.restoring(from: broken, over: Level()).state == nil)
}
