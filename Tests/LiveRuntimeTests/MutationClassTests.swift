import BuiltInPackages
import Documents
import LiveRuntime
import PersistenceMessages
import StudioState
import Testing

// Invariant I4: for each mutation, whether it requests persistence.

struct MutationRow: Sendable, CustomTestStringConvertible {
  var mutation: Mutation
  var mutationClass: MutationClass

  init(_ mutation: Mutation, _ mutationClass: MutationClass) {
    self.mutation = mutation
    self.mutationClass = mutationClass
  }

  var testDescription: String { mutation.actionName }
}

private let solid = Layer(id: layerID("extra"), name: "Extra", package: packageID("solid"))

let mutationTable: [MutationRow] = [
  MutationRow(.addLayer(solid, at: nil), .durable),
  MutationRow(.removeLayer(plasma), .durable),
  MutationRow(.moveLayer(plasma, to: 0), .durable),
  MutationRow(.renameLayer(plasma, "Sky"), .durable),
  MutationRow(.setParameter(plasma, "mix", .double(0.1)), .durable),
  MutationRow(.setOpacity(plasma, 0.1), .durable),
  MutationRow(.setEnabled(plasma, false), .durable),
  MutationRow(.setBlendMode(plasma, .add), .durable),
  MutationRow(.setConfig(["frameRate": 25.0]), .durable),
  MutationRow(.storeLiveValues, .durable),
  MutationRow(.loadPreset(name: "opening", BuiltInPackages.demoState), .durable),
  MutationRow(.replaceState(StudioState(layers: LayerStack([solid])), .rollback, reason: "rollback"), .durable),
  MutationRow(
    .restoreLayer(solid.id, from: StudioState(layers: LayerStack([solid])), .rollback, reason: "rollback"), .durable),
  MutationRow(.setPackages(BuiltInPackages.catalog), .durable),
  MutationRow(.commitLive(plasma, .opacity, .double(0.2)), .committedLive),
  MutationRow(.clearLiveValues, .committedLive),
  MutationRow(.dropLive(plasma, .opacity), .committedLive),
  MutationRow(.automate(plasma, .parameter("mix"), .double(0.2)), .transient),
  MutationRow(.identifyOutput(true), .renderLocal),
]

@Test(arguments: mutationTable)
func aMutationRequestsPersistenceExactlyWhenItIsDurable(row: MutationRow) throws {
  let fixture = RuntimeFixture()
  let result = try fixture.perform(row.mutation)
  let isDurable = row.mutationClass == .durable
  #expect(row.mutation.mutationClass == row.mutationClass)
  #expect(result.persistenceRequested == isDurable)
  #expect(fixture.requests.count == (isDurable ? 1 : 0))
  #expect(result.sequence == (isDurable ? 101 : 100))
}

@Test(arguments: [
  Mutation.replaceState(BuiltInPackages.demoState, .rollback, reason: "rollback"),
  .restoreLayer(plasma, from: BuiltInPackages.demoState, .rollback, reason: "rollback"),
])
func aRollbackToAnEqualStateClearsLiveValuesAndRequestsNothing(rollback: Mutation) throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.commitLive(plasma, .opacity, .double(0.125)))
  let result = try fixture.perform(rollback)
  #expect(!result.persistenceRequested)
  #expect(fixture.requests.isEmpty)
  #expect(fixture.coordinator.view().effective == BuiltInPackages.demoState.layers, "the live value is gone")
}

@Test(arguments: [GenerationOrigin.import, .recovery, .initial])
func anImportOrARecoveryOfAnEqualStateIsStored(origin: GenerationOrigin) throws {
  let fixture = RuntimeFixture()
  let result = try fixture.perform(.replaceState(BuiltInPackages.demoState, origin, reason: "again"))
  #expect(result.persistenceRequested)
}

@Test func theTableNamesEveryMutation() {
  #expect(Set(mutationTable.map(\.mutation.actionName)).count == 18, "two rows share the reason rollback")
  #expect(mutationTable.count == 19)
}

@Test func aBatchIsOneMutationWithOneRequest() throws {
  let fixture = RuntimeFixture()
  let result = try fixture.perform(
    .setParameter(plasma, "mix", .double(0.1)), .setParameter(plasma, "speed", .double(0.2)), .setOpacity(bars, 0.5))
  #expect(result.sequence == 101)
  #expect(fixture.requests.map(\.reason) == ["bundle"])
}

@Test func aBatchWithOneBadMutationChangesNothing() {
  let fixture = RuntimeFixture()
  let before = fixture.coordinator.view().durable
  #expect(throws: MutationRejection.self) {
    try fixture.perform(.setParameter(plasma, "mix", .double(0.1)), .setParameter(plasma, "mix", .double(7)))
  }
  #expect(fixture.coordinator.view().durable == before)
  #expect(fixture.requests.isEmpty)
  #expect(fixture.coordinator.view().sequence == 100)
}

@Test func aTransientOnlyMutationRequestsNothing() throws {
  let fixture = RuntimeFixture()
  for step in 0..<100 {
    try fixture.perform(
      .automate(plasma, .parameter("mix"), .double(Double(step) / 100)), at: .milliseconds(10 * step))
  }
  fixture.coordinator.settle(now: .seconds(60))
  #expect(fixture.requests.isEmpty)
  #expect(fixture.coordinator.view().sequence == 100)
}

@Test func theSnapshotIsPublishedBeforeItsStoringIsRequested() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.setOpacity(plasma, 0.25))
  let reader = SnapshotReaderBox(fixture)
  #expect(reader.newest?.sequence == 101)
  #expect(reader.newest?.state(as: StudioState.self)?.layers[plasma]?.opacity == 0.25)
}

/// The other half of the table: what is not durable leaves alone what is stored.
@Test(arguments: mutationTable.filter { $0.mutationClass != .durable })
func aMutationThatIsNotDurableLeavesTheDurableStateAlone(row: MutationRow) throws {
  let fixture = RuntimeFixture()
  let before = fixture.coordinator.view()
  try fixture.perform(row.mutation)
  #expect(fixture.coordinator.view().durable == before.durable)
  #expect(SnapshotReaderBox(fixture).newest == nil)
}

/// Invariant I3: the writer is handed the one durable state, under the number that the coordinator gives it.
@Test func eachSnapshotIsTheDurableStateOfItsSequence() throws {
  let fixture = RuntimeFixture()
  let reader = SnapshotReaderBox(fixture)
  for step in 1...3 {
    try fixture.perform(.setOpacity(plasma, Double(step) / 4))
    try fixture.perform(.automate(plasma, .opacity, .double(0.875)))
    let view = fixture.coordinator.view()
    let snapshot = try #require(reader.newest)
    #expect(snapshot.sequence == view.sequence)
    #expect(snapshot.state(as: StudioState.self) == view.durable)
    #expect(snapshot.requestCount == UInt64(step))
  }
}

@Test func afterStopAcceptingEverythingIsRefused() {
  let fixture = RuntimeFixture()
  fixture.coordinator.stopAccepting()
  let refusal = #expect(throws: MutationRejection.self) { try fixture.perform(.setOpacity(plasma, 0.25)) }
  #expect(refusal?.code == .stopped)
}
