import ControlIngress
import Documents
import LiveRuntime
import PersistenceMessages
import StudioState
import Synchronization
import Testing

private let path = "/api/v1/layers/plasma/opacity"
private let body = #"{"value":0.5}"#

@Test func aReceiptComesOnceTheMutationIsStored() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    let answer = try await client.send("PUT", path + "?wait=stored&timeoutMs=1234", body)
    #expect(answer.status == 200)
    #expect(CanonicalJSON.text(answer.json) == #"{"generation":7,"sequence":1,"stored":true}"#)
  }
  let wait = try #require(fixture.persistence.waits.elements.first)
  #expect(wait.sequence == 1)
  #expect(wait.timeout == .milliseconds(1234))
}

@Test(arguments: [(StoreWait.timedOut, 504), (.refused, 504), (.stopped, 503)])
func aMutationThatIsNotStoredInTimeStandsAndSaysWhy(_ wait: StoreWait, _ status: Int) async throws {
  let fixture = try HTTPFixture()
  fixture.persistence.wait.withLock { $0 = wait }
  try await fixture.serve { client in
    let answer = try await client.send("PUT", path + "?wait=stored", body)
    #expect(answer.status == status)
    #expect(answer.json.objectValue?.map(\.name) == ["health", "sequence", "stored"])
    #expect(answer.json["health"]?["persistence"]?["state"] == "pending")
    #expect(answer.json["sequence"] == 1)
    #expect(answer.json["stored"] == false)
  }
  #expect(fixture.persistence.waits.elements.map(\.timeout) == [.seconds(2)])
  let plasma = try #require(LayerID("plasma"))
  #expect(fixture.studio.view.durable.layers[plasma]?.opacity == 0.5)
}

@Test func aHostThatShutsDownRefusesMutations() async throws {
  let fixture = try HTTPFixture()
  fixture.studio.coordinator.stopAccepting()
  try await fixture.serve { client in
    let answer = try await client.send("PUT", path, body)
    #expect(answer.status == 503)
    #expect(answer.errorCode == "stopped")
  }
}

@Test func aFlushAnswersWhatItStored() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    let flush = "/api/v1/persistence/flush"
    #expect(
      CanonicalJSON.text(try await client.send("POST", flush).json)
        == #"{"generation":6,"nothingPending":false,"sequence":3,"stored":true}"#)
    fixture.persistence.sequences.withLock { $0 = (0, 0) }
    fixture.persistence.flushed.withLock { $0 = .stored(generation: nil) }
    #expect(
      CanonicalJSON.text(try await client.send("POST", flush).json)
        == #"{"generation":null,"nothingPending":true,"sequence":0,"stored":true}"#)
    fixture.persistence.sequences.withLock { $0 = (3, 2) }
    for (wait, status) in [(StoreWait.refused, 504), (.stopped, 503), (.timedOut, 504)] {
      fixture.persistence.flushed.withLock { $0 = wait }
      #expect(try await client.send("POST", flush).status == status)
    }
    let late = try await client.send("POST", flush)
    #expect(late.json["stored"] == false)
    #expect(late.json["sequence"] == 3)
    #expect(late.json["health"]?["persistence"] != nil)
  }
}

@Test func aRollbackIsAForcedMutationThatIsStored() async throws {
  let fixture = try HTTPFixture()
  let bars = try #require(LayerID("bars"))
  try fixture.studio.coordinator.perform([.removeLayer(bars)], actor: "test", now: .zero)
  try await fixture.serve { client in
    let answer = try await client.send("POST", "/api/v1/generations/5/rollback")
    #expect(answer.status == 200)
    #expect(CanonicalJSON.text(answer.json) == #"{"dryRun":false,"from":6,"sequence":2,"stored":7,"to":5}"#)
  }
  let request = try #require(fixture.studio.requests.elements.last)
  #expect(request.reason == "rollback to generation 5")
  #expect(request.origin == .rollback)
  #expect(request.isForced)
  #expect(fixture.studio.view.durable.layers[bars] != nil)
}

@Test func anImportIsAForcedMutationThatIsStoredAndFirstStoresWhatItReplaces() async throws {
  let fixture = try HTTPFixture()
  let bars = try #require(LayerID("bars"))
  try fixture.studio.coordinator.perform([.removeLayer(bars)], actor: "test", now: .zero)
  try await fixture.serve { client in
    let answer = try await client.send("POST", "/api/v1/import", "{}")
    #expect(answer.status == 200)
    #expect(CanonicalJSON.text(answer.json) == #"{"from":6,"layers":2,"sequence":2,"stored":7}"#)
    fixture.persistence.flushed.withLock { $0 = .timedOut }
    let refused = try await client.send("POST", "/api/v1/import", "{}")
    #expect(refused.status == 504)
    #expect(refused.errorCode == "unsaved")
    #expect(fixture.studio.requests.elements.count == 2)
    let forced = try await client.send("POST", "/api/v1/import?force=true", "{}")
    #expect(forced.status == 200)
  }
  let request = try #require(fixture.studio.requests.elements.last)
  #expect(request.origin == .import)
  #expect(request.isForced)
  #expect(fixture.studio.view.durable.layers[bars] != nil)
}

@Test func aRollbackOfOneLayerLeavesTheOthers() async throws {
  let fixture = try HTTPFixture()
  for id in ["bars", "plasma"] {
    try fixture.studio.coordinator.perform([.setOpacity(try #require(LayerID(id)), 0)], actor: "test", now: .zero)
  }
  try await fixture.serve { client in
    let answer = try await client.send("POST", "/api/v1/generations/5/rollback", #"{"only":"layer:bars"}"#)
    #expect(answer.status == 200)
  }
  #expect(fixture.studio.view.durable.layers.map(\.opacity) == [1, 0])
  #expect(fixture.studio.requests.elements.last?.reason == "rollback of layer bars to generation 5")
}

@Test func aDryRunChangesNothing() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    let answer = try await client.send("POST", "/api/v1/generations/5/rollback", #"{"dryRun":true}"#)
    #expect(CanonicalJSON.text(answer.json) == #"{"changes":[],"dryRun":true,"from":6,"stored":null,"to":5}"#)
  }
  #expect(fixture.studio.requests.elements.isEmpty)
}

@Test func aRollbackFirstStoresWhatItReplaces() async throws {
  let fixture = try HTTPFixture()
  fixture.persistence.flushed.withLock { $0 = .timedOut }
  fixture.persistence.wait.withLock { $0 = .timedOut }
  let bars = try #require(LayerID("bars"))
  try fixture.studio.coordinator.perform([.removeLayer(bars)], actor: "test", now: .zero)
  try await fixture.serve { client in
    let refused = try await client.send("POST", "/api/v1/generations/5/rollback")
    #expect(refused.status == 504)
    #expect(refused.errorCode == "unsaved")
    #expect(fixture.studio.requests.elements.count == 1)
    let forced = try await client.send("POST", "/api/v1/generations/5/rollback", #"{"force":true}"#)
    #expect(forced.status == 504)
    #expect(forced.json["stored"] == .null)
    #expect(forced.json["health"] != nil)
  }
  #expect(fixture.studio.requests.elements.count == 2)
}
