import HealthReporting
import LiveRuntime
import NIOPosix
import PersistenceMessages
import StudioState
import Synchronization
import Testing

@testable import ControlIngress

/// A receiver on a runtime, without sockets.
private struct Receiver {
  let fixture: ControlFixture
  let receiver: OSCReceiver
  let counters = OSCCounters()

  init() throws {
    fixture = try ControlFixture()
    receiver = OSCReceiver(
      coordinator: fixture.coordinator, clock: fixture.clock, presets: fixture.shelf, counters: counters,
      diskThread: .singleton, reportProblem: { _ in })
  }

  @discardableResult
  func send(_ address: String, _ arguments: OSCArgument...) -> [OSCMessage] {
    send(.message(OSCMessage(address, arguments)))
  }

  @discardableResult
  func send(_ packet: OSCPacket) -> [OSCMessage] {
    receiver.receive(OSCEncoder.encode(packet), from: "osc:test")
  }
}

private let values: [(name: String, arguments: [OSCArgument], value: ParameterValue)] = [
  ("mix", [.float(0.25)], .double(0.25)), ("mix", [.double(0.25)], .double(0.25)), ("mix", [.int32(1)], .double(1)),
  ("mix", [.int64(0)], .double(0)),
  // As a Double, the Float 0.1 is more than the maximum 0.1.
  ("speed", [.float(0.1)], .double(0.1)),
  ("invert", [.bool(true)], .bool(true)), ("invert", [.int32(1)], .bool(true)), ("invert", [.float(0)], .bool(false)),
  ("steps", [.int32(7)], .int(7)), ("steps", [.float(7)], .int(7)), ("steps", [.int64(7)], .int(7)),
  ("centre", [.float(0.25), .float(0.75)], .point2D(0.25, 0.75)),
  ("centre", [.array([.int32(0), .double(0.5)])], .point2D(0, 0.5)),
  ("tint", [.float(0), .float(0.5), .int32(1), .float(1)], .color(0, 0.5, 1, 1)),
  ("tint", [.array([.float(0), .float(0.5), .int32(1), .float(1)])], .color(0, 0.5, 1, 1)),
  ("title", [.string("Grüße")], .string("Grüße")),
]

@Test(arguments: values)
func argumentsBecomeValues(_ name: String, _ arguments: [OSCArgument], _ value: ParameterValue) throws {
  let studio = try Receiver()
  studio.send(.message(OSCMessage("/studio/layers/plasma/parameters/\(name)", arguments)))
  #expect(try studio.fixture.value("plasma", name) == value)
  #expect(studio.counters.figures.refused == 0)
  // Automation is not a request to store.
  #expect(studio.fixture.requests.elements.isEmpty)
}

private let refused: [(address: String, arguments: [OSCArgument])] = [
  ("/studio/layers/plasma/parameters/mix", []),
  ("/studio/layers/plasma/parameters/mix", [.float(.nan)]),
  ("/studio/layers/plasma/parameters/mix", [.float(.infinity)]),
  ("/studio/layers/plasma/parameters/mix", [.double(-.infinity)]),
  ("/studio/layers/plasma/parameters/mix", [.float(1.5)]),
  ("/studio/layers/plasma/parameters/mix", [.string("0.5")]),
  ("/studio/layers/plasma/parameters/mix", [.null]),
  ("/studio/layers/plasma/parameters/mix", [.impulse]),
  ("/studio/layers/plasma/parameters/mix", [.blob([1])]),
  ("/studio/layers/plasma/parameters/mix", [.float(0), .float(0), .float(0)]),
  ("/studio/layers/plasma/parameters/invert", [.int32(2)]),
  ("/studio/layers/plasma/parameters/centre", [.float(0), .float(.nan)]),
  ("/studio/layers/plasma/parameters/centre", [.array([.float(0), .string("x")])]),
  ("/studio/layers/plasma/parameters/centre", [.array([.float(0), .array([.float(0)])])]),
  ("/studio/layers/plasma/parameters/centre", [.array([.float(0)]), .float(0)]),
  ("/studio/layers/plasma/parameters/nothing", [.float(0)]),
  ("/studio/layers/nobody/parameters/mix", [.float(0)]),
  ("/studio/layers/nobody/opacity", [.float(0)]),
  ("/studio/layers/plasma/opacity", [.float(1.01)]),
  ("/studio/layers/plasma/opacity", [.bool(true)]),
  ("/studio/layers/plasma/enabled", [.float(0.5)]),
  ("/studio/layers/plasma/enabled", []),
  ("/studio/presets/load", []),
  ("/studio/presets/load", [.int32(1)]),
]

@Test(arguments: refused) func whatMakesNoValueIsRefusedAndCounted(_ address: String, _ arguments: [OSCArgument]) throws
{
  let studio = try Receiver()
  let before = studio.fixture.view.json(.effective)
  studio.send(.message(OSCMessage(address, arguments)))
  #expect(studio.counters.figures.refused == 1)
  #expect(studio.fixture.view.json(.effective) == before)
}

@Test func opacityEnabledAndCompositionAddressLayers() throws {
  let studio = try Receiver()
  let bars = try #require(LayerID("bars"))
  studio.send("/studio/layers/bars/opacity", .float(0.5))
  #expect(studio.fixture.view.effective[bars]?.opacity == 0.5)
  studio.send("/studio/layers/bars/enabled", .bool(false))
  #expect(studio.fixture.view.effective[bars]?.isEnabled == false)
  studio.send("/studio/layers/bars/enabled", .float(1))
  #expect(studio.fixture.view.effective[bars]?.isEnabled == true)
  studio.send("/composition/layers/1/video/opacity", .float(0.25))
  #expect(studio.fixture.view.effective[bars]?.opacity == 0.25)
  #expect(studio.fixture.view.durable.layers[bars]?.opacity == 1)
  for position in ["0", "3", "-1", "x", "9999999999999999999"] {
    studio.send("/composition/layers/\(position)/video/opacity", .float(0))
  }
  #expect(studio.counters.figures.unmatched == 5)
}

private let patterns: [(address: String, layers: [String])] = [
  ("/studio/layers/*/opacity", ["bars", "plasma"]), ("/studio/layers/{bars,nobody}/opacity", ["bars"]),
  ("/studio/layers/p*/opacity", ["plasma"]), ("/*/layers/bars/op?city", ["bars"]),
  ("/studio/layers/[!p]*/{opacity,nothing}", ["bars"]), ("/composition/layers/*/video/opacity", ["bars", "plasma"]),
  ("/composition/layers/[2-9]/video/opacity", ["plasma"]), ("/studio/layers/x*/opacity", []),
]

@Test(arguments: patterns) func patternsExpandOverTheLayersOfNow(_ address: String, _ layers: [String]) throws {
  let studio = try Receiver()
  studio.send(address, .float(0.5))
  #expect(studio.fixture.view.effective.filter { $0.opacity == 0.5 }.map(\.id.rawValue) == layers)
  #expect(studio.counters.figures.unmatched == (layers.isEmpty ? 1 : 0))
}

@Test func patternsOverParametersPassOverLayersWithoutThem() throws {
  let studio = try Receiver()
  studio.send("/studio/layers/*/parameters/mix", .float(1))
  #expect(try studio.fixture.value("plasma", "mix") == .double(1))
  studio.send("/studio/layers/plasma/parameters/{mix,steps}", .int32(0))
  #expect(try studio.fixture.value("plasma", "mix") == .double(0))
  #expect(studio.counters.figures.refused == 0)
  // A text fits no number: all or nothing, also within one pattern.
  studio.send("/studio/layers/*/parameters/*", .string("x"))
  #expect(studio.counters.figures.refused == 1)
  #expect(try studio.fixture.value("plasma", "title") == .string(""))
}

@Test func aBundleIsOneMutationWithOneRequest() throws {
  let studio = try Receiver()
  studio.send(
    .bundle(
      OSCBundle([
        .message(OSCMessage("/studio/layers/plasma/parameters/mix", [.float(0.75)])),
        .bundle(OSCBundle([.message(OSCMessage("/studio/layers/plasma/opacity", [.float(0.5)]))])),
        .message(OSCMessage("/resolume/clip/connect", [.int32(1)])),
        .message(OSCMessage("/studio/live/store")), .message(OSCMessage("/studio/live/store")),
      ])))
  #expect(studio.fixture.requests.elements.map(\.actor) == ["osc:test"])
  let plasma = try #require(LayerID("plasma"))
  let layer = try #require(studio.fixture.view.durable.layers[plasma])
  #expect(layer.parameters["mix"] == .double(0.75))
  #expect(layer.opacity == 0.5)
  #expect(studio.counters.figures.unmatched == 1)
  #expect(studio.counters.figures.messages == 5)
}

@Test func aBundleIsAllOrNothing() throws {
  let studio = try Receiver()
  let before = studio.fixture.view.json(.effective)
  for bad in [OSCMessage("/studio/layers/plasma/parameters/speed", [.float(.nan)]), OSCMessage("/studio/presets/load")]
  {
    studio.send(
      .bundle(OSCBundle([.message(OSCMessage("/studio/layers/plasma/opacity", [.float(0)])), .message(bad)])))
  }
  #expect(studio.fixture.view.json(.effective) == before)
  #expect(studio.counters.figures.refused == 2)
}

@Test func liveValuesAreStoredAndClearedOnRequest() throws {
  let studio = try Receiver()
  studio.send("/studio/layers/plasma/parameters/mix", .float(0.75))
  studio.send("/studio/live/clear")
  #expect(try studio.fixture.value("plasma", "mix") == .double(0.5))
  #expect(studio.fixture.requests.elements.isEmpty)
  studio.send("/studio/live/store")
  #expect(studio.fixture.requests.elements.map(\.reason) == ["live.store"])
}

@Test func pingsAreAnsweredWithTheirArguments() throws {
  let studio = try Receiver()
  #expect(
    studio.send("/studio/ping", .int32(7), .string("x")) == [OSCMessage("/studio/pong", [.int32(7), .string("x")])])
  let pings = Array(repeating: OSCPacket.message(OSCMessage("/studio/ping")), count: 100)
  #expect(studio.send(.bundle(OSCBundle(pings))).count == 8)
  #expect(studio.receiver.receive(Array("/studio/ping".utf8), from: "osc:test").isEmpty)
}

@Test func onlyTimeTagsFarInTheFutureAreDropped() throws {
  let studio = try Receiver()
  let now = studio.fixture.wallTime.withLock { $0 }
  let delays: [Int64] = [-3_600_000, 0, 9_000, 11_000, 3_600_000]
  for (index, delay) in delays.enumerated() {
    let bundle = OSCBundle(
      [.message(OSCMessage("/studio/layers/plasma/parameters/steps", [.int32(Int32(index + 1))]))],
      timeTag: OSCTimeTag(unixMilliseconds: now + delay))
    studio.send(.bundle(bundle))
  }
  #expect(try studio.fixture.value("plasma", "steps") == .int(3))
  #expect(studio.counters.figures.tooEarly == 2)
  // A nested bundle of the far future drops the whole packet, which is one mutation.
  let late = OSCBundle([], timeTag: OSCTimeTag(unixMilliseconds: now + 60_000))
  let message = OSCMessage("/studio/layers/plasma/parameters/steps", [.int32(9)])
  studio.send(.bundle(OSCBundle([.message(message), .bundle(late)])))
  #expect(try studio.fixture.value("plasma", "steps") == .int(3))
  #expect(studio.counters.figures.tooEarly == 3)
}

@Test func badPacketsAreCountedAndNothingElse() throws {
  let studio = try Receiver()
  #expect(studio.receiver.receive([1, 2, 3], from: "osc:test").isEmpty)
  #expect(studio.counters.figures.badPackets == 1)
  #expect(studio.counters.figures.packets == 1)
  #expect(studio.counters.figures.messages == 0)
}

@Test func theWorkOfOnePacketIsBounded() throws {
  let package = try #require(PackageID("plasma"))
  let ids = (0..<LayerStack.maximumCount).compactMap { LayerID("layer\($0)") }
  let stack = LayerStack(ids.map { Layer(id: $0, name: "x", package: package) })
  let one = OSCMessage("/studio/layers/*/opacity", [.float(0)])
  #expect(try OSCCommandReader.read([one], layers: { stack }).commands.count == LayerStack.maximumCount)
  #expect(throws: OSCCommandRejection.tooManyCommands) { try OSCCommandReader.read([one, one], layers: { stack }) }
  let costly = OSCMessage("/studio/layers/" + String(repeating: "*a", count: 400) + "/opacity", [.float(0)])
  #expect(throws: OSCCommandRejection.tooMuchWork) { try OSCCommandReader.read([costly], layers: { stack }) }
}
