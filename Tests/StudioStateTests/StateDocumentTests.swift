import Documents
import StudioState
import Testing

private func header(_ text: String) -> [UInt8] { Array("/*\(text)*/ void main() {}".utf8) }

private func package() throws -> PackageDefinition {
  let id = try #require(PackageID("sample"))
  return try ISFHeader.package(
    id: id,
    file: header(
      """
      {"DESCRIPTION":"kept","INPUTS":[
      {"NAME":"flag","TYPE":"bool","DEFAULT":true},
      {"NAME":"mode","TYPE":"long","VALUES":[0,1,2],"LABELS":["a","b","c"],"DEFAULT":1},
      {"NAME":"level","TYPE":"float","MIN":0,"MAX":1,"DEFAULT":0.5,"LABEL":"Level"},
      {"NAME":"tint","TYPE":"color","DEFAULT":[1,0,0,1]},
      {"NAME":"place","TYPE":"point2D","DEFAULT":[0.5,0.5]},
      {"NAME":"words","TYPE":"text","DEFAULT":"hello"},
      {"NAME":"picture","TYPE":"image"},{"NAME":"bang","TYPE":"event"}]}
      """))
}

private func state() throws -> StudioState {
  let package = try package()
  let id = try #require(LayerID("one"))
  let other = try #require(LayerID("two"))
  return StudioState(
    layers: LayerStack([
      Layer(id: id, name: "Eins \"ü\"", package: package.id, opacity: 0.25, parameters: package.defaults),
      Layer(
        id: other, name: "Two", package: package.id, isEnabled: false, blendMode: .screen,
        parameters: package.defaults),
    ]), packages: PackageCatalog([package]))
}

@Test func aStateReadsBackFromItsDocuments() throws {
  let state = try state()
  let reading = StudioState.reading(state.documents)
  #expect(reading.problems.isEmpty)
  #expect(reading.state == state)
}

@Test func theSameStateGivesTheSameBytes() throws {
  #expect(try state().documents == state().documents)
  let layer = try #require(try state().layers.first)
  #expect(layer.canonicalJSON == CanonicalJSON.encode(layer.json))
}

@Test func onlyWhatChangedIsWritten() throws {
  let before = try state()
  var after = before
  let layer = try #require(before.layers.first)
  after.layers.replace(layer.with(opacity: 0.75))
  let changes = after.documentsChanged(since: before)
  #expect(changes.written.map(\.key) == [.init(.layer, "one")])
  #expect(changes.removed.isEmpty)
}

@Test func aRemovedLayerIsNamedAndTheOrderWritten() throws {
  let before = try state()
  var after = before
  after.layers.remove(try #require(LayerID("two")))
  let changes = after.documentsChanged(since: before)
  #expect(changes.removed == [.init(.layer, "two")])
  #expect(changes.written.contains { $0.key.kind == .stack })
}

@Test(arguments: [Document.Kind.layer, .stack, .config, .packages])
func aMissingDocumentCostsWhatItHeldAndNothingElse(kind: Document.Kind) throws {
  let whole = try state()
  var documents = whole.documents
  let index = try #require(documents.lastIndex { $0.key.kind == kind })
  let lost = documents.remove(at: index)
  let reading = StudioState.reading(documents)
  #expect(reading.problems.map(\.key) == [lost.key])
  #expect(reading.state.layers.count == (kind == .layer ? 1 : 2))
}

@Test func aHeadersTypesDefaultsAndBoundsAreRead() throws {
  let package = try package()
  #expect(package.parameters.map(\.type) == [.bool, .int, .double, .color, .point2D, .string])
  #expect(package["mode"]?.choices.map(\.label) == ["a", "b", "c"])
  #expect(package["level"]?.label == "Level")
  #expect(package.header["DESCRIPTION"] == "kept")
  #expect(package.header["INPUTS"]?.arrayValue?.count == 8)
}

@Test(arguments: [
  "no comment", "/* {\"INPUTS\":", "/* nonsense */", "/* [] */", "/* {\"INPUTS\":3} */",
  "/* {\"INPUTS\":[{\"TYPE\":\"float\"}]} */", "/* {\"INPUTS\":[{\"NAME\":\"x\"}]} */",
  "/* {\"INPUTS\":[{\"NAME\":\"x\",\"TYPE\":\"matrix\"}]} */",
  "/* {\"INPUTS\":[{\"NAME\":\"x y\",\"TYPE\":\"float\"}]} */",
  "/* {\"INPUTS\":[{\"NAME\":\"x\",\"TYPE\":\"float\"},{\"NAME\":\"x\",\"TYPE\":\"float\"}]} */",
  "/* {\"INPUTS\":[{\"NAME\":\"x\",\"TYPE\":\"long\",\"VALUES\":[1,2],\"MIN\":3}]} */",
  "/* {\"INPUTS\":[{\"NAME\":\"x\",\"TYPE\":\"float\",\"MIN\":[\"low\",0]}]} */",
])
func aBrokenHeaderIsRefused(text: String) throws {
  let id = try #require(PackageID("broken"))
  #expect(throws: ISFRejection.self) { try ISFHeader.package(id: id, file: Array(text.utf8)) }
}

@Test func aNumberOutsideItsRangeIsKeptInItsParametersType() throws {
  let package = try package()
  let json = try JSONParser.parse(
    Array(#"{"id":"one","package":"sample","parameters":{"level":4,"mode":7.0}}"#.utf8), limits: .init(bytes: 1024))
  let layer = try Layer(json: json, at: "layers[0]", outOfRange: .areKept) { _ in package }
  #expect(layer.parameters["level"] == .double(4))
  #expect(layer.parameters["mode"] == .int(7))
}

@Test func aNarrowedRangeKeepsWhatIsStoredAndSaysWhatIsUsed() throws {
  let state = try state()
  let id = try #require(PackageID("sample"))
  let narrow = try ISFHeader.package(
    id: id, file: header("{\"INPUTS\":[{\"NAME\":\"level\",\"TYPE\":\"float\",\"MIN\":0.9,\"MAX\":1,\"DEFAULT\":0.9}]}")
  )
  let (changed, changes) = state.reconciled(with: PackageCatalog([narrow]))
  #expect(changes.map(\.path) == ["layers.one.parameters.level", "layers.two.parameters.level"])
  #expect(changed.layers.first?.parameters["level"] == .double(0.5))
  #expect(changed.layers.first.map(changed.withinRanges)?.parameters["level"] == .double(0.9))
  #expect(changed.layersOutOfRange.count == 2)
  #expect(changed.valuesOutOfRange(of: changed.layers.map(\.id)) == changes)
  #expect(changes.first?.detail.contains("0.9 is used, and the stored value stays") == true)
  #expect(changed.reconciled(with: state.packages).state.layers == state.layers)
  #expect(state.layersOutOfRange.isEmpty)
  #expect(changed.layers.first?.parameters["words"] == .string("hello"), "what the package lost is kept")
}

@Test(arguments: [
  ("\"float\",\"MIN\":2", ParameterValue.double(2)), ("\"float\",\"MAX\":-1", .double(-1)),
  ("\"long\",\"MAX\":-3", .int(-3)), ("\"point2D\",\"MIN\":[2,3]", .point2D(2, 3)),
  ("\"color\",\"MAX\":0.5", .color(0, 0, 0, 0.5)), ("\"float\",\"MIN\":-1,\"MAX\":1", .double(0)),
])
func aDefaultThatNobodyWroteLiesWithinTheBounds(input: String, value: ParameterValue) throws {
  let id = try #require(PackageID("bounded"))
  let package = try ISFHeader.package(id: id, file: header("{\"INPUTS\":[{\"NAME\":\"x\",\"TYPE\":\(input)}]}"))
  #expect(package["x"]?.defaultValue == value)
}

@Test func aDocumentThatIsNotUsedIsReported() throws {
  let whole = try state()
  func problems(_ change: (inout [Document]) -> Void) -> [DocumentRejection] {
    var documents = whole.documents
    change(&documents)
    return StudioState.reading(documents).problems
  }
  let stack = Document.Key(.stack)
  for body in ["{}", "[7]", "[\"no name\"]"] {
    let found = problems { $0[0] = Document(stack, body: Array(body.utf8)) }
    #expect(found.map(\.key) == [stack], "\(body)")
  }
  let packages = Document.Key(.packages)
  #expect(problems { $0[2] = Document(packages, body: Array("[]".utf8)) }.map(\.key) == [packages])
  let one = Document.Key(.layer, "one")
  #expect(problems { $0.append($0[3]) }.map(\.key) == [one])
  #expect(problems { $0[0] = Document(stack, body: Array("[\"two\"]".utf8)) }.map(\.key) == [one])
}

@Test func aStackOfTooManyLayersIsRefusedAtOnce() throws {
  let names = (0...LayerStack.maximumCount).map { "\"l\($0)\"" }.joined(separator: ",")
  let reading = StudioState.reading([Document(.init(.stack), body: Array("[\(names)]".utf8))])
  #expect(reading.problems.count == 3)
  #expect(reading.problems.first?.detail.contains("at most 4096") == true)
}

@Test func aLayerPutBackWithAnotherPackageBringsThatAlong() throws {
  let before = try state()
  let other = try ISFHeader.package(id: try #require(PackageID("other")), file: header("{}"))
  var after = before
  after.packages = before.packages.merging(PackageCatalog([other]))
  let known = after
  let layer = try #require(after.layers.first)
  after.layers.replace(Layer(id: layer.id, name: layer.name, package: other.id))
  #expect(after.documentsChanged(since: known).written.map(\.key.kind) == [.layer, .packages])
}

@Test func whatAPackageLostIsNotDeclaredAnyMore() throws {
  let state = try state()
  let id = try #require(PackageID("sample"))
  let narrow = try ISFHeader.package(id: id, file: header("{\"INPUTS\":[{\"NAME\":\"level\",\"TYPE\":\"float\"}]}"))
  let changed = state.reconciled(with: PackageCatalog([narrow])).state
  #expect(changed.layersAsDeclared.map(\.parameters.names) == [["level"], ["level"]])
  #expect(state.layersAsDeclared.elementsEqual(state.layers) { $0 === $1 }, "nothing is copied when nothing is lost")
}
