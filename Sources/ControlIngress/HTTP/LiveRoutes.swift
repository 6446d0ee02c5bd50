import Hummingbird
import LiveRuntime
import StudioState

// Single live values: what is on air over the show without being part of it.
extension StudioAPI {
  /// As OSC sets it, but settled at once: a request is not a fader that still moves.
  func setLive(_ call: APICall) async throws(RequestRejection) -> Response {
    let id = try call.layerID()
    let value = try await parameterValue(call)
    return try await perform(.commitLive(id, .parameter(call.names[1]), value), call)
  }

  /// The durable value is on air again.
  func dropLive(_ call: APICall) async throws(RequestRejection) -> Response {
    try await dropLive(.parameter(call.names[1]), call)
  }

  func dropLive(_ target: LiveTarget, _ call: APICall) async throws(RequestRejection) -> Response {
    try await perform(.dropLive(try call.layerID(), target), call)
  }
}
