import BuiltInPackages
import Documents
import LiveRuntime
import PersistenceMessages
import RenderSnapshots
import StudioState
import Testing

// Transient over committed over durable, and how values come down from one to the next.

private let quiet = TransientAutomation.quietTime

@Test func aTransientValueIsOnAirAtOnceAndNotDurable() throws {
  let fixture = RuntimeFixture()
  let before = fixture.durable(plasma, "mix")
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.9)))
  #expect(fixture.effective(plasma, "mix") == .double(0.9))
  #expect(fixture.durable(plasma, "mix") == before)
  #expect(fixture.onAir?.layers[plasma]?.parameters["mix"] == .double(0.9))
}

@Test func transientLiesOverCommittedAndCommittedOverDurable() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.setOpacity(plasma, 0.1))
  try fixture.perform(.commitLive(plasma, .opacity, .double(0.2)))
  #expect(fixture.coordinator.view().effective[plasma]?.opacity == 0.2)
  try fixture.perform(.automate(plasma, .opacity, .double(0.3)))
  #expect(fixture.coordinator.view().effective[plasma]?.opacity == 0.3)
  try fixture.perform(.setOpacity(plasma, 0.9))
  #expect(fixture.coordinator.view().effective[plasma]?.opacity == 0.3)
}

@Test func valuesSettleAfterTheQuietTimeAndNotBefore() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.9)), at: .seconds(10))
  fixture.coordinator.settle(now: .seconds(10) + quiet - .nanoseconds(1))
  #expect(fixture.coordinator.view().committed.isEmpty)
  fixture.coordinator.settle(now: .seconds(10) + quiet)
  #expect(fixture.coordinator.view().transient.isEmpty)
  #expect(fixture.coordinator.view().committed[plasma]?.parameters["mix"] == .double(0.9))
  #expect(fixture.effective(plasma, "mix") == .double(0.9))
  #expect(fixture.requests.isEmpty)
}

@Test func settledValuesBecomeDurableWhenTheConfigSaysSo() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.setConfig(["oscSettledValues": "durable"]))
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.9)), .automate(bars, .opacity, .double(0.5)))
  fixture.coordinator.settle(now: quiet)
  #expect(fixture.requests.map(\.reason) == ["config.set", "live.settle"])
  #expect(fixture.durable(plasma, "mix") == .double(0.9))
  #expect(fixture.coordinator.view().committed.isEmpty)
}

@Test func storingLiveValuesStoresWhatIsSeen() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.commitLive(plasma, .opacity, .double(0.2)))
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.9)), .automate(bars, .enabled, .bool(false)))
  let seen = fixture.coordinator.view().effective
  try fixture.perform(.storeLiveValues)
  #expect(fixture.coordinator.view().durable.layers == seen)
  #expect(fixture.coordinator.view().effective == seen)
  #expect(fixture.coordinator.view().committed.isEmpty)
  #expect(fixture.coordinator.view().transient.isEmpty)
}

@Test func aDroppedLiveValueGivesWayToTheDurableOneAndLeavesTheOthers() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.commitLive(plasma, .opacity, .double(0.2)), .commitLive(plasma, .parameter("mix"), .double(0.9)))
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.8)), .automate(bars, .enabled, .bool(false)))
  #expect(fixture.coordinator.view().liveValueCount == 3)
  try fixture.perform(.dropLive(plasma, .parameter("mix")))
  #expect(fixture.effective(plasma, "mix") == fixture.durable(plasma, "mix"))
  #expect(fixture.coordinator.view().effective[plasma]?.opacity == 0.2)
  try fixture.perform(.dropLive(plasma, .opacity), .dropLive(bars, .enabled), .dropLive(bars, .opacity))
  #expect(fixture.coordinator.view().liveValueCount == 0)
  #expect(fixture.coordinator.view().effective == BuiltInPackages.demoState.layers)
  #expect(throws: MutationRejection.self) { try fixture.perform(.dropLive(try #require(LayerID("none")), .opacity)) }
}

@Test func clearingLiveValuesShowsTheDurableState() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.9)), .commitLive(bars, .opacity, .double(0)))
  try fixture.perform(.clearLiveValues)
  #expect(fixture.coordinator.view().effective == BuiltInPackages.demoState.layers)
}

@Test(arguments: [
  Mutation.replaceState(BuiltInPackages.demoState, .rollback, reason: "rollback"),
  Mutation.loadPreset(name: "opening", BuiltInPackages.demoState),
])
func aReplacedShowIsSeenAsItIs(mutation: Mutation) throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.9)), .commitLive(bars, .opacity, .double(0)))
  try fixture.perform(mutation)
  #expect(fixture.coordinator.view().effective == BuiltInPackages.demoState.layers)
}

@Test func aRemovedLayerTakesItsLiveValuesAlong() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.9)))
  try fixture.perform(.removeLayer(plasma))
  #expect(fixture.coordinator.view().effective.map(\.id) == [bars])
  #expect(fixture.coordinator.view().transient.isEmpty)
}

@Test func liveValuesSurviveARearrangement() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.9)))
  try fixture.perform(.moveLayer(plasma, to: 0))
  #expect(fixture.coordinator.view().effective.map(\.id) == [plasma, bars])
  #expect(fixture.effective(plasma, "mix") == .double(0.9))
}

@Test func theOutputsIdentificationReachesRenderAndNothingElse() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.identifyOutput(true))
  #expect(fixture.onAir?.local.identifiesOutput == true)
  #expect(fixture.coordinator.view().durable == BuiltInPackages.demoState)
}

@Test func aLiveValueInABatchLiesOverWhatTheBatchMadeDurable() throws {
  let fixture = RuntimeFixture()
  try fixture.perform(
    .setParameter(plasma, "speed", .double(0.125)), .setOpacity(bars, 0.25),
    .automate(plasma, .parameter("mix"), .double(0.875)))
  #expect(fixture.effective(plasma, "speed") == .double(0.125))
  #expect(fixture.effective(plasma, "mix") == .double(0.875))
  #expect(fixture.coordinator.view().effective[bars]?.opacity == 0.25)
  #expect(fixture.onAir?.layers[plasma]?.parameters["mix"] == .double(0.875))
}

@Test func clearingLiveValuesPutsTheDurableShowOnAirAndLaterChangesFollow() throws {
  let fixture = RuntimeFixture()
  let before = fixture.durable(plasma, "mix")
  try fixture.perform(.automate(plasma, .parameter("mix"), .double(0.875)))
  try fixture.perform(.clearLiveValues, .setOpacity(bars, 0.25))
  #expect(fixture.effective(plasma, "mix") == before)
  #expect(fixture.coordinator.view().effective[bars]?.opacity == 0.25)
  try fixture.perform(.setOpacity(bars, 0.75))
  #expect(fixture.coordinator.view().effective[bars]?.opacity == 0.75)
}
