import Documents
import PersistenceMessages
import Studio
import StudioState
import Testing

@testable import GenerationStore

// One value that can't be stored holds back only itself.

extension StudioState {
  fileprivate func setting(_ name: String, mixTo value: ParameterValue) -> StudioState {
    var state = self
    if let layer = layers[layerID(name)] {
      var table = layer.parameters
      _ = table.replace("mix", with: value)
      state.layers.replace(layer.with(parameters: table))
    }
    return state
  }
}

@Test func aValueThatCantBeStoredHoldsBackOnlyItselfAndIsNamed() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let before = sampleState(layers: 3).setting("layer-1", mix: 0.75)
  try store.put(before, 1)
  let bad = before.setting("layer-1", mixTo: .double(.nan)).setting("layer-2", mix: 0.25)
  try store.put(bad, 2)
  #expect(store.facts.heldBack.map(\.path) == ["layers.layer-1.parameters.mix"])
  #expect(fixture.notices.all.contains { $0.contains("layers.layer-1.parameters.mix") })
  #expect(try fixture.reader().load(2).state == before.setting("layer-2", mix: 0.25))
  // It goes on being held back, without being written again, and is told once.
  let stored = try store.put(bad.setting("layer-3", mix: 0.125), 3)
  #expect(!stored.isKeyframe)
  #expect(stored.bytes < 500)
  #expect(fixture.notices.all.count { $0.contains("held back") } == 1)
  try store.put(bad.setting("layer-1", mix: 0.5), 4)
  #expect(store.facts.heldBack.isEmpty)
  #expect(try fixture.reader().load(4).state == before.setting("layer-1", mix: 0.5).setting("layer-2", mix: 0.25))
  try store.expectSound()
}

@Test func whatIsHeldBackKeepsItsStoredValueAfterTheDatabaseWasOpenedAnew() throws {
  let fixture = try StoreFixture()
  let store = try fixture.open()
  let before = sampleState(layers: 2).setting("layer-1", mix: 0.75)
  try store.put(before, 1)
  store.drop()
  try store.put(before.setting("layer-1", mixTo: .double(.infinity)), 2)
  #expect(try fixture.reader().load(2).state == before)
}
