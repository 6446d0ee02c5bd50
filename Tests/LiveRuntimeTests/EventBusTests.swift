import Concurrency
import Documents
import LiveRuntime
import StudioState
import Testing

@Test func aSlowSubscriberLosesTheOldestEventsAndIsToldHowMany() throws {
  let bus = RuntimeEventBus()
  let subscription = try #require(bus.subscribe(capacity: 3))
  for number in 1...5 { bus.publish(.settled(layers: number)) }
  let (events, dropped) = subscription.drain()
  #expect(events.map(\.json) == [["layers": 3], ["layers": 4], ["layers": 5]])
  #expect(dropped == 2)
  #expect(subscription.drain().events.isEmpty)
}

@Test func subscribersAreBoundedAndAnEndedOneMakesRoom() throws {
  let bus = RuntimeEventBus()
  let subscriptions = (0..<RuntimeEventBus.maximumSubscribers).compactMap { _ in bus.subscribe(capacity: 1) }
  #expect(subscriptions.count == RuntimeEventBus.maximumSubscribers)
  #expect(bus.subscribe(capacity: 1) == nil)
  subscriptions.first?.cancel()
  #expect(bus.subscribe(capacity: 1) != nil)
}

@Test func anAcceptedDurableMutationIsAnEventAndARequestEvent() throws {
  let fixture = RuntimeFixture()
  let subscription = try #require(fixture.events.subscribe(capacity: 10))
  try fixture.perform(.setOpacity(plasma, 0.5))
  try fixture.perform(.automate(plasma, .opacity, .double(0.2)))
  #expect(subscription.drain().events.map(\.name) == ["runtime.mutated", "persistence.requested", "runtime.mutated"])
}
