import BuiltInPackages
import Documents
import LiveRuntime
import StudioState
import Testing

// Bad input is refused with an error that names its path, and nothing changes.

struct RefusalRow: Sendable, CustomTestStringConvertible {
  var mutation: Mutation
  var code: MutationRejection.Code

  init(_ mutation: Mutation, _ code: MutationRejection.Code) {
    self.mutation = mutation
    self.code = code
  }

  var testDescription: String { "\(mutation.actionName) → \(code)" }
}

private let nobody = layerID("nobody")

@Test(arguments: [
  RefusalRow(.setParameter(nobody, "mix", .double(0)), .unknownLayer),
  RefusalRow(.removeLayer(nobody), .unknownLayer),
  RefusalRow(.moveLayer(nobody, to: 0), .unknownLayer),
  RefusalRow(.moveLayer(plasma, to: 2), .outOfRange),
  RefusalRow(.moveLayer(plasma, to: -1), .outOfRange),
  RefusalRow(.setOpacity(plasma, 1.5), .outOfRange),
  RefusalRow(.setOpacity(plasma, .nan), .notFinite),
  RefusalRow(.setParameter(plasma, "mix", .double(.nan)), .notFinite),
  RefusalRow(.setParameter(plasma, "mix", .double(.infinity)), .notFinite),
  RefusalRow(.setParameter(plasma, "mix", .double(1.0001)), .outOfRange),
  RefusalRow(.setParameter(plasma, "mix", .string("much")), .wrongType),
  RefusalRow(.setParameter(plasma, "mix", .point2D(0, 0)), .wrongType),
  RefusalRow(.setParameter(plasma, "nothing", .double(0)), .unknownParameter),
  RefusalRow(.automate(plasma, .parameter("mix"), .double(.nan)), .notFinite),
  RefusalRow(.automate(plasma, .opacity, .double(-0.1)), .outOfRange),
  RefusalRow(.automate(plasma, .enabled, .double(0.5)), .wrongType),
  RefusalRow(.commitLive(nobody, .opacity, .double(0)), .unknownLayer),
  RefusalRow(.renameLayer(plasma, ""), .outOfRange),
  RefusalRow(.setConfig(["frameRate": 0]), .outOfRange),
  RefusalRow(.setConfig(["frameRate": "fast"]), .wrongType),
  RefusalRow(.setConfig(["colour": 1]), .unknownMember),
  RefusalRow(.addLayer(Layer(id: plasma, name: "x", package: packageID("solid")), at: nil), .duplicate),
  RefusalRow(.addLayer(Layer(id: nobody, name: "x", package: packageID("none")), at: nil), .unknownPackage),
  RefusalRow(.addLayer(Layer(id: nobody, name: "x", package: packageID("solid")), at: 9), .outOfRange),
])
func aBadMutationIsRefusedAndChangesNothing(row: RefusalRow) {
  let fixture = RuntimeFixture()
  let refusal = #expect(throws: MutationRejection.self) { try fixture.perform(row.mutation) }
  #expect(refusal?.code == row.code)
  #expect(fixture.coordinator.view().durable == BuiltInPackages.demoState)
  #expect(fixture.coordinator.view().effective == BuiltInPackages.demoState.layers)
  #expect(fixture.requests.isEmpty)
}

@Test(arguments: [
  (ParameterValue.int(1), ParameterValue.double(1)), (.double(0.5), .double(0.5)), (.int(0), .double(0)),
])
func numbersAreBroughtToTheParametersType(input: ParameterValue, stored: ParameterValue) throws {
  let fixture = RuntimeFixture()
  try fixture.perform(.setParameter(plasma, "mix", input))
  #expect(fixture.durable(plasma, "mix") == stored)
}

@Test func aRefusalDoesNotStopWhatFollows() throws {
  let fixture = RuntimeFixture()
  #expect(throws: MutationRejection.self) { try fixture.perform(.setParameter(plasma, "mix", .double(.nan))) }
  try fixture.perform(.setParameter(plasma, "mix", .double(0.3)))
  #expect(fixture.requests.count == 1)
}
