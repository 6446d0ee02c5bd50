import Documents
import StudioState
import Testing

// One table for the rollback of one layer: its place, its package and its parameters.

private func id(_ name: String) -> LayerID {
  guard let id = LayerID(name) else { preconditionFailure("a bad name in a test: \(name)") }
  return id
}

private func package(_ name: String, maximum: Double = 1) -> PackageDefinition {
  guard let id = PackageID(name) else { preconditionFailure("a bad name in a test: \(name)") }
  return PackageDefinition(
    id: id, title: name, version: "1",
    parameters: [
      ParameterDefinition(
        name: "mix", type: .double, defaultValue: .double(0.25), minimum: [0], maximum: [maximum])
    ], header: ["maximum": .double(maximum)])
}

private func layer(_ name: String, _ package: PackageDefinition, mix: Double = 0.5) -> Layer {
  Layer(id: id(name), name: name, package: package.id, parameters: ParameterTable([("mix", .double(mix))]))
}

private func state(_ layers: [Layer], _ packages: PackageDefinition...) -> StudioState {
  StudioState(layers: LayerStack(layers), packages: PackageCatalog(packages))
}

private let plasma = package("plasma")
private let custom = package("custom")
private let earlier = state(
  [layer("a", plasma, mix: 0.75), layer("b", custom, mix: 0.75), layer("c", plasma, mix: 0.75)], plasma, custom)

@Test func aRestoredLayerKeepsThePlaceThatItHasNow() throws {
  let now = state([layer("b", custom), layer("c", plasma), layer("a", plasma)], plasma, custom)
  let result = try now.restoring(id("a"), from: earlier)
  #expect(result.layers.map(\.id.rawValue) == ["b", "c", "a"])
  #expect(result.layers[id("a")] == earlier.layers[id("a")])
  #expect(result.layers[id("b")] == now.layers[id("b")], "the other layers stay as they are")
}

@Test func aLayerThatIsGoneReturnsToItsPlaceWithItsPackage() throws {
  let now = state([layer("a", plasma), layer("c", plasma)], plasma)
  let result = try now.restoring(id("b"), from: earlier)
  #expect(result.layers.map(\.id.rawValue) == ["a", "b", "c"])
  #expect(result.layers[id("b")] == earlier.layers[id("b")])
  #expect(result.packages[custom.id] == custom)
}

@Test func aLayerOfATallerShowReturnsOnTop() throws {
  let result = try state([], plasma).restoring(id("c"), from: earlier)
  #expect(result.layers.map(\.id.rawValue) == ["c"])
}

@Test func aRestoredLayerFollowsThePackageOfNow() throws {
  let narrow = package("plasma", maximum: 0.5)
  let now = state([layer("a", plasma, mix: 0.125)], narrow)
  let result = try now.restoring(id("a"), from: earlier)
  #expect(result.packages[plasma.id] == narrow)
  let restored = try #require(result.layers[id("a")])
  #expect(restored.parameters["mix"] == .double(0.75), "what was stored comes back")
  #expect(result.withinRanges(restored).parameters["mix"] == .double(0.5), "what is used fits the package")
}

@Test func whatCanNotBeRestoredIsRefused() {
  #expect(throws: StateRejection.self) { try state([], plasma).restoring(id("nobody"), from: earlier) }
  let full = state((0..<LayerStack.maximumCount).map { layer("l\($0)", plasma) }, plasma)
  let problem = #expect(throws: StateRejection.self) { try full.restoring(id("a"), from: earlier) }
  #expect(problem?.code == .tooMany)
}

@Test func aReplacedShowKeepsItsOwnPackages() {
  let narrow = package("plasma", maximum: 0.5)
  let result = state([layer("x", plasma)], narrow).replaced(by: earlier)
  #expect(result.layers.map(\.id.rawValue) == ["a", "b", "c"])
  #expect(result.packages[plasma.id] == narrow)
  #expect(result.packages[custom.id] == custom)
  #expect(result.layers[id("b")] == earlier.layers[id("b")])
}

@Test func aShowReplacedByItselfStaysTheSame() throws {
  #expect(earlier.replaced(by: earlier) == earlier)
  #expect(try earlier.restoring(id("b"), from: earlier) == earlier)
}

@Test func aRollbackNamesItsGenerationAndLayerAndRefusesALayerThatIsNotThere() throws {
  let now = state([layer("b", custom), layer("a", plasma)], plasma, custom)
  let whole = try #require(ShowRollback(to: 7, of: earlier))
  #expect(whole.reason == "rollback to generation 7")
  #expect(try whole.result(on: now) == now.replaced(by: earlier))
  let one = try #require(ShowRollback(to: 7, of: earlier, only: id("a")))
  #expect(one.reason == "rollback of layer a to generation 7")
  #expect(try one.result(on: now) == now.restoring(id("a"), from: earlier))
  let missing = ShowRollback(to: 7, of: earlier, only: id("x"))
  #expect(missing == nil)
  let json = ShowRollback.json(from: nil, to: 7, stored: 9, isDryRun: false)
  #expect(json == ["from": nil, "to": 7, "stored": 9, "dryRun": false])
}
