import ControlIngress
import Documents
import LiveRuntime
import PersistenceMessages
import StudioState
import Synchronization
import Testing

/// Requests that are refused: what is sent, and the status and code that come back.
private let refusals: [(method: String, path: String, body: String, status: Int, code: String)] = [
  // Nothing there.
  ("GET", "/page", "", 404, "unknownRoute"), ("GET", "/api/v1", "", 404, "unknownRoute"),
  ("GET", "/api/v1/nothing", "", 404, "unknownRoute"), ("GET", "/api/v2/state", "", 404, "unknownRoute"),
  ("DELETE", "/api/v1/layers/nobody", "", 404, "unknownLayer"),
  ("DELETE", "/api/v1/layers/..%2Fetc", "", 404, "unknownLayer"),
  ("PUT", "/api/v1/layers/nobody/opacity", #"{"value":1}"#, 404, "unknownLayer"),
  ("PUT", "/api/v1/layers/plasma/parameters/nothing", #"{"value":1}"#, 404, "unknownParameter"),
  ("GET", "/api/v1/presets/nothing", "", 404, "unknownPreset"),
  ("DELETE", "/api/v1/presets/nothing", "", 404, "unknownPreset"),
  ("POST", "/api/v1/presets/nothing/load", "", 404, "unknownPreset"),
  ("GET", "/api/v1/generations/99", "", 404, "unknownGeneration"),
  ("GET", "/api/v1/generations/diff?from=5&to=99", "", 404, "unknownGeneration"),
  ("POST", "/api/v1/generations/99/rollback", "", 404, "unknownGeneration"),
  ("POST", "/api/v1/generations/5/rollback", #"{"only":"layer:nobody"}"#, 404, "unknownLayer"),
  ("PUT", "/api/v1/generations/99/pin", #"{"label":"x"}"#, 404, "unknownGeneration"),
  // Not understood.
  ("POST", "/api/v1/layers", "", 400, "missing"), ("PUT", "/api/v1/config", "", 400, "missing"),
  ("POST", "/api/v1/layers", "{", 400, "badJSON"), ("POST", "/api/v1/layers", #"{"id":"a","id":"b"}"#, 400, "badJSON"),
  ("PUT", "/api/v1/layers/plasma/opacity", "", 400, "missing"),
  ("PUT", "/api/v1/layers/plasma/name", "", 400, "missing"),
  ("PUT", "/api/v1/layers/plasma/parameters/mix", "", 400, "missing"),
  ("PUT", "/api/v1/layers/plasma/parameters/mix", " ", 400, "badJSON"),
  ("POST", "/api/v1/layers/plasma/move", "", 400, "missing"), ("POST", "/api/v1/import", "", 400, "missing"),
  ("PUT", "/api/v1/generations/5/pin", "", 400, "missing"),
  ("POST", "/api/v1/import?force=perhaps", "{}", 400, "badQuery"),
  ("PUT", "/api/v1/layers/plasma/opacity", #"{"value":NaN}"#, 400, "badJSON"),
  ("PUT", "/api/v1/layers/plasma/opacity", #"{"value":1e999}"#, 400, "badJSON"),
  ("GET", "/api/v1/state?view=all", "", 400, "badQuery"),
  ("GET", "/api/v1/generations/diff?from=5", "", 400, "badQuery"),
  ("PUT", "/api/v1/layers/plasma/opacity?wait=forever", #"{"value":0}"#, 400, "badQuery"),
  ("PUT", "/api/v1/layers/plasma/opacity?wait=stored&timeoutMs=0", #"{"value":0}"#, 400, "badQuery"),
  ("PUT", "/api/v1/layers/plasma/opacity?wait=stored&timeoutMs=30001", #"{"value":0}"#, 400, "badQuery"),
  ("PUT", "/api/v1/layers/plasma/opacity?timeoutMs=x", #"{"value":0}"#, 400, "badQuery"),
  ("POST", "/api/v1/persistence/flush?timeoutMs=-1", "", 400, "badQuery"),
  ("GET", "/api/v1/presets/%ZZ", "", 400, "badPath"), ("GET", "/api/v1/presets/%FF", "", 400, "badPath"),
  // Not now.
  ("POST", "/api/v1/layers", #"{"id":"plasma","package":"plasma"}"#, 409, "duplicate"),
  ("POST", "/api/v1/generations/4/rollback", "", 409, "damaged"),
  ("PUT", "/api/v1/generations/5/pin", #"{"label":"taken"}"#, 409, "duplicate"),
  // Not a value.
  ("POST", "/api/v1/layers", "[]", 422, "wrongType"), ("POST", "/api/v1/layers", "{}", 422, "badName"),
  ("POST", "/api/v1/layers", #"{"id":"a","package":"nothing"}"#, 422, "unknownPackage"),
  ("POST", "/api/v1/layers", #"{"id":"a b","package":"plasma"}"#, 422, "badName"),
  ("POST", "/api/v1/layers", #"{"id":"a","package":"plasma","at":"top"}"#, 422, "wrongType"),
  ("POST", "/api/v1/layers", #"{"id":"a","package":"plasma","at":99}"#, 422, "outOfRange"),
  ("POST", "/api/v1/layers", #"{"id":"a","package":"plasma","size":1}"#, 422, "unknownMember"),
  ("POST", "/api/v1/layers", #"{"id":"a","package":"plasma","parameters":{"mix":2}}"#, 422, "outOfRange"),
  ("POST", "/api/v1/layers/plasma/move", "{}", 422, "missing"),
  ("POST", "/api/v1/layers/plasma/move", #"{"to":2}"#, 422, "outOfRange"),
  ("POST", "/api/v1/layers/plasma/move", #"{"to":0.5}"#, 422, "wrongType"),
  ("PUT", "/api/v1/layers/plasma/opacity", "{}", 422, "missing"),
  ("PUT", "/api/v1/layers/plasma/opacity", #"{"value":1,"now":true}"#, 422, "unknownMember"),
  ("PUT", "/api/v1/layers/plasma/opacity", #"{"value":1.5}"#, 422, "outOfRange"),
  ("PUT", "/api/v1/layers/plasma/opacity", #"{"value":"1"}"#, 422, "wrongType"),
  ("PUT", "/api/v1/layers/plasma/enabled", #"{"value":1}"#, 422, "wrongType"),
  ("PUT", "/api/v1/layers/plasma/blendMode", #"{"value":"dodge"}"#, 422, "wrongType"),
  ("PUT", "/api/v1/layers/plasma/name", #"{"value":""}"#, 422, "outOfRange"),
  ("PUT", "/api/v1/layers/plasma/parameters/mix", #"{"value":1.01}"#, 422, "outOfRange"),
  ("PUT", "/api/v1/layers/plasma/parameters/mix", #"{"value":"NaN"}"#, 422, "wrongType"),
  ("PUT", "/api/v1/layers/plasma/parameters/mix", #"{"value":{}}"#, 422, "wrongType"),
  ("PUT", "/api/v1/layers/plasma/parameters/mix", #"{"value":null}"#, 422, "wrongType"),
  ("PUT", "/api/v1/config", #"{"frameRate":0}"#, 422, "outOfRange"),
  ("PUT", "/api/v1/config", #"{"colour":"red"}"#, 422, "unknownMember"),
  ("PUT", "/api/v1/presets/evening", #"{"config":{}}"#, 422, "missing"),
  ("PUT", "/api/v1/generations/5/pin", "{}", 422, "missing"),
  ("PUT", "/api/v1/generations/5/pin", #"{"label":5}"#, 422, "wrongType"),
  ("POST", "/api/v1/import", "[]", 422, "badContent"),
  ("POST", "/api/v1/generations/5/rollback", #"{"only":"plasma"}"#, 422, "wrongType"),
  ("POST", "/api/v1/generations/5/rollback", #"{"dryRun":"yes"}"#, 422, "wrongType"),
  ("PUT", "/api/v1/output/identify", #"{"value":"on"}"#, 422, "wrongType"),
  // Not like this.
  ("POST", "/api/v1/state", "", 405, "methodNotAllowed"), ("GET", "/api/v1/layers", "", 405, "methodNotAllowed"),
  ("PATCH", "/api/v1/presets/evening", "", 405, "methodNotAllowed"),
]

@Test func refusedRequestsSayWhyAndChangeNothing() async throws {
  let fixture = try HTTPFixture()
  let before = fixture.studio.view.json(.effective)
  try await fixture.serve { client in
    for (method, path, body, status, code) in refusals {
      let answer = try await client.send(method, path, body)
      #expect(answer.status == status, "\(method) \(path) \(body)")
      #expect(answer.errorCode == code, "\(method) \(path) \(body)")
      #expect(answer.json["error"]?["message"]?.stringValue?.isEmpty == false)
      #expect(answer.headers["content-type"] == "application/json")
      if status == 405 { #expect(answer.headers["allow"]?.isEmpty == false) }
    }
  }
  #expect(fixture.studio.view.json(.effective) == before)
  #expect(fixture.studio.requests.elements.isEmpty)
}

/// Durable mutations, and the reason that their request carries.
private let durable: [(method: String, path: String, body: String, reason: String)] = [
  ("POST", "/layers", #"{"id":"top","package":"plasma","name":"Top","at":0,"parameters":{"mix":1}}"#, "layer.add"),
  ("POST", "/layers/top/move", #"{"to":2}"#, "layer.move"),
  ("PUT", "/layers/plasma/parameters/mix", #"{"value":0.25}"#, "parameter.set"),
  ("PUT", "/layers/plasma/parameters/centre", #"{"value":[0.25,1]}"#, "parameter.set"),
  ("PUT", "/layers/plasma/opacity", #"{"value":1}"#, "opacity.set"),
  ("PUT", "/layers/plasma/enabled", #"{"value":false}"#, "enabled.set"),
  ("PUT", "/layers/plasma/blendMode", #"{"value":"add"}"#, "blendMode.set"),
  ("PUT", "/layers/plasma/name", #"{"value":"Plasma, bunt"}"#, "layer.rename"),
  ("DELETE", "/layers/top", "", "layer.remove"), ("PUT", "/config", #"{"outputName":"Main"}"#, "config.set"),
  ("POST", "/live/store", "", "live.store"), ("POST", "/presets/evening/load", "", "preset.load"),
]

@Test func durableMutationsAreAcceptedAndRequestPersistence() async throws {
  let fixture = try HTTPFixture()
  try fixture.studio.shelf.save("evening", try ControlFixture.state())
  try await fixture.serve { client in
    for (index, (method, path, body, _)) in durable.enumerated() {
      let answer = try await client.send(method, "/api/v1" + path, body)
      #expect(answer.status == 202, "\(method) \(path)")
      let sequence = JSONValue.int(Int64(index + 1))
      #expect(
        CanonicalJSON.text(answer.json)
          == CanonicalJSON.text(["sequence": sequence, "persistenceRequested": true, "stored": false]))
    }
  }
  #expect(fixture.studio.requests.elements.map(\.reason) == durable.map(\.reason))
  #expect(fixture.studio.requests.elements.allSatisfy { $0.actor.hasPrefix("http:127.0.0.1:") && !$0.isForced })
}

@Test func whatIsNotDurableSaysSo() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    for (method, path, body) in [("POST", "/live/clear", ""), ("PUT", "/output/identify", #"{"value":true}"#)] {
      let answer = try await client.send(method, "/api/v1\(path)?wait=stored", body)
      #expect(answer.status == 200)
      #expect(answer.json["persistenceRequested"] == false)
    }
  }
  #expect(fixture.studio.requests.elements.isEmpty)
  #expect(fixture.persistence.waits.elements.isEmpty)
}

@Test func theStateIsShownInItsThreeViews() async throws {
  let fixture = try HTTPFixture()
  let plasma = try #require(LayerID("plasma"))
  try fixture.studio.coordinator.perform(
    [.automate(plasma, .parameter("mix"), .double(0.75))], actor: "test", now: .zero)
  try await fixture.serve { client in
    let views: [(query: String, mix: JSONValue)] = [
      ("", 0.5), ("?view=durable", 0.5), ("?view=effective", 0.75), ("?view=live", 0.75),
    ]
    for (query, mix) in views {
      let answer = try await client.send("GET", "/api/v1/state\(query)")
      #expect(answer.status == 200)
      let layer = answer.json["layers"]?.arrayValue?.first { $0["id"] == "plasma" }
      #expect(layer?["parameters"]?["mix"] == mix)
    }
  }
}

@Test func theExportIsTheDurableStateOfNowStoredOrNot() async throws {
  let fixture = try HTTPFixture()
  let plasma = try #require(LayerID("plasma"))
  let result = try fixture.studio.coordinator.perform([.setOpacity(plasma, 0.25)], actor: "test", now: .zero)
  try await fixture.serve { client in
    let answer = try await client.send("GET", "/api/v1/export")
    #expect(answer.status == 200)
    // Nothing of it was stored, and all of it is there: with its packages, so that it can be imported anywhere.
    #expect(answer.json["sequence"] == .int(Int64(result.sequence)))
    let catalog = PackageCatalog(storedJSON: answer.json["packages"] ?? .null)
    let state = try StudioState(json: answer.json, packages: catalog, config: RuntimeConfig())
    #expect(state.layers[plasma]?.opacity == 0.25)
    #expect(state.layers.count == fixture.studio.coordinator.view().durable.layers.count)
  }
}

@Test func readingRoutesAnswerWhatStandsBehindThem() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    #expect(try await client.send("GET", "/api/v1/config").json["outputName"] == "Program")
    #expect(try await client.send("GET", "/api/v1/packages").json["rejected"] == [])
    #expect(try await client.send("GET", "/api/v1/generations").json["generations"]?.arrayValue?.count == 2)
    #expect(try await client.send("GET", "/api/v1/generations/5").json["generation"]?["id"] == 5)
    #expect(try await client.send("GET", "/api/v1/generations/diff?from=5&to=6").json["to"] == 6)
    #expect(try await client.send("GET", "/api/v1/health").json["persistence"]?["state"] == "pending")
    let metrics = try await client.send("GET", "/metrics")
    #expect(metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    let versioned = try await client.send("GET", "/api/v1/metrics")
    #expect(metrics.body == versioned.body)
    let preview = try await client.send("GET", "/api/v1/preview.png")
    #expect(preview.headers["content-type"] == "image/png")
    #expect(preview.body == [0x89, 0x50, 0x4E, 0x47])
    fixture.hasPicture.isOn = false
    #expect(try await client.send("GET", "/api/v1/preview.png").status == 503)
    #expect(try await client.send("GET", "/healthz").status == 200)
    fixture.isHealthy.isOn = false
    #expect(try await client.send("GET", "/healthz").status == 503)
    #expect(try await client.send("GET", "/api/v1/healthz").status == 503)
    #expect(try await client.send("GET", "/api/v1/health").status == 200)
  }
}

@Test func presetsAreSavedListedReadAndDeleted() async throws {
  let fixture = try HTTPFixture()
  try await fixture.serve { client in
    let saved = try await client.send("PUT", "/api/v1/presets/evening")
    #expect(saved.json["layers"] == 2)
    let given = #"{"layers":[{"id":"only","package":"plasma"}]}"#
    #expect(try await client.send("PUT", "/api/v1/presets/given", given).json["layers"] == 1)
    #expect(try await client.send("GET", "/api/v1/presets").json["presets"]?.arrayValue?.count == 2)
    #expect(try await client.send("GET", "/api/v1/presets/given").json["layers"]?.arrayValue?.count == 1)
    #expect(try await client.send("DELETE", "/api/v1/presets/given").status == 200)
    #expect(try await client.send("GET", "/api/v1/presets/given").status == 404)
    fixture.studio.shelf.failNextSaves()
    let failed = try await client.send("PUT", "/api/v1/presets/evening")
    #expect(failed.status == 500)
    #expect(failed.errorCode == "failed")
  }
  // Saving a preset is no mutation.
  #expect(fixture.studio.requests.elements.isEmpty)
}

@Test func pinsAnswerTheGeneration() async throws {
  try await HTTPFixture().serve { client in
    let pinned = try await client.send("PUT", "/api/v1/generations/5/pin", #"{"label":"premiere"}"#)
    #expect(CanonicalJSON.text(pinned.json) == #"{"generation":5,"pinned":"premiere"}"#)
    let unpinned = try await client.send("DELETE", "/api/v1/generations/5/pin")
    #expect(CanonicalJSON.text(unpinned.json) == #"{"generation":5,"pinned":null}"#)
  }
}
