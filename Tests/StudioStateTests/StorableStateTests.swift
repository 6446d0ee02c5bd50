import Documents
import StudioState
import Testing

private let huge = String(repeating: "x", count: Document.maximumBytes)

private func sample(_ mix: ParameterValue = .double(0.5), opacity: Double = 1) throws -> StudioState {
  let id = try #require(PackageID("sample"))
  let package = try ISFHeader.package(
    id: id,
    file: Array(
      #"/*{"INPUTS":[{"NAME":"mix","TYPE":"float","DEFAULT":0.25},{"NAME":"words","TYPE":"text","DEFAULT":""}]}*/"#.utf8
    ))
  var table = package.defaults
  _ = table.replace("mix", with: mix)
  let layer = Layer(id: try layerID("one"), name: "One", package: id, opacity: opacity, parameters: table)
  let other = Layer(id: try layerID("two"), name: "Two", package: id, parameters: package.defaults)
  return StudioState(layers: LayerStack([layer, other]), packages: PackageCatalog([package]))
}

private func layerID(_ text: String) throws -> LayerID { try #require(LayerID(text)) }

extension StudioState {
  fileprivate func setting(_ name: String, _ value: ParameterValue) throws -> StudioState {
    var state = self
    let layer = try #require(layers[try layerID("one")])
    var table = layer.parameters
    _ = table.replace(name, with: value)
    state.layers.replace(layer.with(parameters: table))
    return state
  }
}

@Test func aHealthyStateIsStorableAsItIs() throws {
  let state = try sample()
  let (storable, heldBack) = state.storable(over: nil)
  #expect(heldBack.isEmpty)
  #expect(storable.layers.layersChanged(since: state.layers).isEmpty)
}

@Test func aNumberThatIsNotFiniteKeepsTheValueStoredBeforeItAndNothingElseIsHeldBack() throws {
  let before = try sample()
  let after = try sample(.double(.nan), opacity: .infinity).setting("words", .string("new"))
  let (storable, heldBack) = after.storable(over: before)
  #expect(heldBack.map(\.path) == ["layers.one.parameters.mix", "layers.one.opacity"])
  let layer = try #require(storable.layers[try layerID("one")])
  #expect(layer.parameters["mix"] == .double(0.5))
  #expect(layer.opacity == 1)
  #expect(layer.parameters["words"] == .string("new"))
  #expect(StudioState.reading(storable.documents).problems.isEmpty)
}

@Test func withoutAnEarlierStateThePackagesDefaultIsStored() throws {
  let (storable, heldBack) = try sample(.point2D(.nan, 0)).storable(over: nil)
  #expect(heldBack.map(\.path) == ["layers.one.parameters.mix"])
  #expect(storable.layers[try layerID("one")]?.parameters["mix"] == .double(0.25))
}

@Test func aLayerThatIsTooLargeStaysAsItWasAndTheOthersGoOn() throws {
  let before = try sample()
  var after = try before.setting("words", .string(huge))
  let two = try layerID("two")
  after.layers.replace(try #require(after.layers[two]).with(opacity: 0.5))
  let (storable, heldBack) = after.storable(over: before)
  #expect(heldBack.map(\.path) == ["layers.one"])
  #expect(storable.layers[try layerID("one")] == before.layers[try layerID("one")])
  #expect(storable.layers[two]?.opacity == 0.5)
}

@Test func aNewLayerThatIsTooLargeStaysAway() throws {
  let (storable, heldBack) = try sample().setting("words", .string(huge)).storable(over: nil)
  #expect(heldBack.map(\.path) == ["layers.one"])
  #expect(storable.layers.map(\.id.rawValue) == ["two"])
  #expect(StudioState.reading(storable.documents).problems.isEmpty)
}

@Test func aConfigThatIsNotFiniteKeepsTheRateBeforeIt() throws {
  var before = try sample()
  before.config.frameRate = 50
  var after = before
  after.config.frameRate = .nan
  let (storable, heldBack) = after.storable(over: before)
  #expect(heldBack.map(\.path) == ["config.frameRate"])
  #expect(storable.config.frameRate == 50)
}
