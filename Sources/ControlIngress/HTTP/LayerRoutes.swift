import Documents
import Hummingbird
import LiveRuntime
import StudioState

extension StudioAPI {
  /// The body is a layer as in the state, and optionally the position `at` (default: on top).
  func addLayer(_ call: APICall) async throws(RequestRejection) -> Response {
    guard let body = try await body(call) else {
      throw RequestRejection(400, "missing", "the body must be a layer: {\"id\",\"package\",…}")
    }
    guard let members = body.objectValue else { throw .wrongType("the body", "an object", body) }
    let position = try body["at"].map { json throws(RequestRejection) in try Self.position(json, at: "at") }
    let layer = try layer(.object(members.filter { $0.name != "at" }))
    return try await perform(.addLayer(layer, at: position), call)
  }

  func removeLayer(_ call: APICall) async throws(RequestRejection) -> Response {
    try await perform(.removeLayer(try call.layerID()), call)
  }

  func moveLayer(_ call: APICall) async throws(RequestRejection) -> Response {
    let id = try call.layerID()
    let target = try await member("to", call, "{\"to\":POSITION}, 0 being the bottom")
    return try await perform(.moveLayer(id, to: try Self.position(target, at: "to")), call)
  }

  func setParameter(_ call: APICall) async throws(RequestRejection) -> Response {
    let id = try call.layerID()
    return try await perform(.setParameter(id, call.names[1], try await parameterValue(call)), call)
  }

  func parameterValue(_ call: APICall) async throws(RequestRejection) -> ParameterValue {
    let json = try await value(call)
    guard let value = ParameterValue(json: json) else {
      throw .wrongType("value", "true, a number, a text, [x,y] or [r,g,b,a]", json)
    }
    return value
  }

  func setOpacity(_ call: APICall) async throws(RequestRejection) -> Response {
    let id = try call.layerID()
    let json = try await value(call)
    guard let opacity = json.doubleValue else { throw .wrongType("value", "a number from 0 to 1", json) }
    return try await perform(.setOpacity(id, opacity), call)
  }

  func setEnabled(_ call: APICall) async throws(RequestRejection) -> Response {
    let id = try call.layerID()
    let json = try await value(call)
    guard let isEnabled = json.boolValue else { throw .wrongType("value", "true or false", json) }
    return try await perform(.setEnabled(id, isEnabled), call)
  }

  func setBlendMode(_ call: APICall) async throws(RequestRejection) -> Response {
    let id = try call.layerID()
    let json = try await value(call)
    guard let mode = json.stringValue.flatMap(BlendMode.init) else {
      let words = BlendMode.allCases.map(\.rawValue).joined(separator: ", ")
      throw RequestRejection(422, "wrongType", "value: one of \(words) is expected")
    }
    return try await perform(.setBlendMode(id, mode), call)
  }

  func renameLayer(_ call: APICall) async throws(RequestRejection) -> Response {
    let id = try call.layerID()
    let json = try await value(call)
    guard let name = json.stringValue else { throw .wrongType("value", "a text", json) }
    return try await perform(.renameLayer(id, name), call)
  }

  private func layer(_ json: JSONValue) throws(RequestRejection) -> Layer {
    let catalog = seams.coordinator.view().durable.packages
    do {
      return try Layer(json: json, at: "layer", package: { catalog[$0] })
    } catch {
      throw RequestRejection(error)
    }
  }

  private static func position(_ json: JSONValue, at path: String) throws(RequestRejection) -> Int {
    guard let integer = json.intValue else { throw .wrongType(path, "an integer", json) }
    return Int(clamping: integer)
  }
}
