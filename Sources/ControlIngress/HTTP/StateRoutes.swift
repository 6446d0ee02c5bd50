import Documents
import Hummingbird
import LiveRuntime
import StudioState

// The state as a whole, the config, the packages and the output.
extension StudioAPI {
  func state(_ call: APICall) throws(RequestRejection) -> Response {
    let word = call.query("view") ?? RuntimeView.Selection.durable.rawValue
    guard let selection = RuntimeView.Selection(rawValue: word) else {
      throw .badQuery("view", "durable, live or effective")
    }
    return .json(seams.coordinator.view().json(selection))
  }

  /// The current durable state, stored or not, in the format of `afterimage import`. It saves the show when storing has
  /// stopped.
  func export() -> Response {
    let view = seams.coordinator.view()
    return .json(view.durable.exportJSON(sequence: view.sequence))
  }

  func config() -> Response {
    .json(seams.coordinator.view().durable.config.json)
  }

  func setConfig(_ call: APICall) async throws(RequestRejection) -> Response {
    guard let body = try await body(call) else {
      throw RequestRejection(400, "missing", "the body must be an object with the settings to change")
    }
    return try await perform(.setConfig(body), call)
  }

  func packages() -> Response {
    .json(seams.packages())
  }

  func preview() async throws(RequestRejection) -> Response {
    let seams = seams
    let png = try await onSlowThread { .success(seams.preview()) }
    guard let png else {
      throw RequestRejection(503, "noFrame", "there is no picture yet; ask again once the first frame is out")
    }
    return .bytes(png, type: "image/png")
  }

  func identifyOutput(_ call: APICall) async throws(RequestRejection) -> Response {
    let value = try await value(call)
    guard let isOn = value.boolValue else { throw .wrongType("value", "true or false", value) }
    return try await perform(.identifyOutput(isOn), call)
  }
}
