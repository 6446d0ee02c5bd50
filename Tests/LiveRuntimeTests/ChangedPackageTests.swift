import LiveRuntime
import PersistenceMessages
import RenderSnapshots
import StudioState
import Testing

// Packages change under a running show: nothing may stay in it, or lie over it, that could not be stored.

private let narrow = PackageCatalog([package(maximum: 0.5)])

/// `plasma` with one parameter.
private func package(maximum: Double) -> PackageDefinition {
  PackageDefinition(
    id: packageID("plasma"), title: "Plasma", version: "2",
    parameters: [
      ParameterDefinition(
        name: "mix", type: .double, defaultValue: .double(0.25), minimum: [0], maximum: [maximum])
    ])
}

private func layer(_ id: LayerID, mix: Double) -> Layer {
  Layer(
    id: id, name: "earlier", package: packageID("plasma"),
    parameters: ParameterTable([("mix", .double(mix))]))
}

/// The rollback of one layer to a state that knows no packages.
private func restoring(_ id: LayerID, mix: Double) -> Mutation {
  let earlier = StudioState(layers: LayerStack([layer(id, mix: mix)]))
  return .restoreLayer(id, from: earlier, .rollback, reason: "rollback of layer \(id)")
}

@Test func liveValuesThatNoLongerFitTheirPackageAreLetGo() throws {
  let fixture = RuntimeFixture()
  let durable = fixture.durable(plasma, "mix")
  try fixture.perform(.commitLive(plasma, .parameter("mix"), .double(0.9)))
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.8)), .automate(plasma, .opacity, .double(0.1)))
  try fixture.perform(.setPackages(narrow))
  #expect(fixture.effective(plasma, "mix") == durable)
  #expect(fixture.coordinator.view().effective[plasma]?.opacity == 0.1, "what fits stays")
  try fixture.perform(.storeLiveValues)
  #expect(fixture.durable(plasma, "mix") == durable)
}

@Test func liveValuesThatStillFitStay() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.375)))
  try fixture.perform(.setPackages(narrow))
  #expect(fixture.effective(plasma, "mix") == .double(0.375))
}

@Test(arguments: [
  restoring(plasma, mix: 0.9),
  .replaceState(StudioState(layers: LayerStack([layer(plasma, mix: 0.9)])), .rollback, reason: "rollback"),
  .loadPreset(name: "earlier", StudioState(layers: LayerStack([layer(plasma, mix: 0.9)]))),
])
func whatComesBackFitsThePackagesOfNow(mutation: Mutation) throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.setPackages(narrow))
  try fixture.perform(mutation)
  #expect(fixture.durable(plasma, "mix") == .double(0.9), "what is stored stays")
  #expect(fixture.effective(plasma, "mix") == .double(0.5), "what is used fits")
  #expect(fixture.onAir?.layers[plasma]?.parameters["mix"] == .double(0.5))
  #expect(fixture.coordinator.view().durable.layers[plasma]?.name == "earlier")
  #expect(fixture.coordinator.view().valuesOutOfRange.map(\.path) == ["layers.plasma.parameters.mix"])
}

@Test func aStoredValueOutOfRangeStaysUntilItIsChanged() throws {
  let show = StudioState(layers: LayerStack([layer(plasma, mix: 0.9), layer(bars, mix: 0.4)]), packages: narrow)
  let fixture = RuntimeFixture(show)
  #expect(fixture.onAir?.layers[plasma]?.parameters["mix"] == .double(0.5), "also at the start")
  // Mutations of other things, of the layer itself and live ones leave the stored value alone.
  try fixture.perform(.setOpacity(plasma, 0.5), .setParameter(bars, "mix", .double(0.3)), .moveLayer(plasma, to: 1))
  try fixture.perform(.automate(plasma, .opacity, .double(0.25)))
  try fixture.perform(.storeLiveValues)
  #expect(fixture.durable(plasma, "mix") == .double(0.9))
  #expect(fixture.effective(plasma, "mix") == .double(0.5))
  #expect(fixture.coordinator.view().effective[plasma]?.opacity == 0.25)
  #expect(fixture.effective(bars, "mix") == .double(0.3))
  // A live value lies over it.
  try fixture.perform(.commitLive(plasma, .parameter("mix"), .double(0.125)))
  #expect(fixture.effective(plasma, "mix") == .double(0.125))
  try fixture.perform(.clearLiveValues)
  #expect(fixture.effective(plasma, "mix") == .double(0.5))
  // The old package brings the stored value back.
  try fixture.perform(.setPackages(PackageCatalog([package(maximum: 1)])))
  #expect(fixture.effective(plasma, "mix") == .double(0.9))
  #expect(fixture.coordinator.view().valuesOutOfRange.isEmpty)
  try fixture.perform(.setPackages(narrow))
  // Somebody changes it.
  try fixture.perform(.setParameter(plasma, "mix", .double(0.375)))
  #expect(fixture.durable(plasma, "mix") == .double(0.375))
  #expect(fixture.effective(plasma, "mix") == .double(0.375))
  #expect(fixture.coordinator.view().valuesOutOfRange.isEmpty)
}

@Test func aLayerOutOfRangeThatIsRemovedIsForgotten() throws {
  let show = StudioState(layers: LayerStack([layer(plasma, mix: 0.9), layer(bars, mix: 0.4)]), packages: narrow)
  let fixture = RuntimeFixture(show)
  try fixture.perform(.removeLayer(plasma))
  #expect(fixture.coordinator.view().valuesOutOfRange.isEmpty)
  #expect(fixture.onAir?.layers.map(\.id) == [bars])
  try fixture.perform(restoring(plasma, mix: 0.9))
  #expect(fixture.onAir?.layers[plasma]?.parameters["mix"] == .double(0.5))
  try fixture.perform(restoring(plasma, mix: 0.1))
  #expect(fixture.onAir?.layers[plasma]?.parameters["mix"] == .double(0.1))
  #expect(fixture.coordinator.view().valuesOutOfRange.isEmpty)
}

@Test func aLayerIsNotPutBackIntoAFullShow() throws {
  let layers = (0..<LayerStack.maximumCount).map { layer(layerID("l\($0)"), mix: 0.1) }
  let fixture = RuntimeFixture(StudioState(layers: LayerStack(layers), packages: narrow))
  let refusal = #expect(throws: MutationRejection.self) {
    try fixture.perform(restoring(plasma, mix: 0.1))
  }
  #expect(refusal?.code == .tooMany)
  try fixture.perform(restoring(layerID("l7"), mix: 0.2))
}
