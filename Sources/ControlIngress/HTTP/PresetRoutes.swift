import Documents
import Hummingbird
import LiveRuntime
import PresetLibrary
import StudioState

// Presets are files: all work here runs on a thread that may wait for the disk.
extension StudioAPI {
  func presets() async throws(RequestRejection) -> Response {
    let entries = try await onShelf { shelf throws(PresetFailure) in try shelf.list() }
    return .json(["presets": .array(entries.map(\.json))])
  }

  func preset(_ call: APICall) async throws(RequestRejection) -> Response {
    let name = call.names[0]
    return .json(try await onShelf { shelf throws(PresetFailure) in try shelf.readJSON(name) })
  }

  /// Saves the current durable state, or the state in the body if there is one. Answers once the file is on disk.
  func savePreset(_ call: APICall) async throws(RequestRejection) -> Response {
    let name = call.names[0]
    let durable = seams.coordinator.view().durable
    var state = durable
    if let body = try await call.body(upTo: limits.presetBytes, within: limits.bodyArrival) {
      do {
        state = try StudioState(json: body, packages: durable.packages, config: durable.config)
      } catch {
        throw RequestRejection(error)
      }
    }
    try await onShelf { [state] shelf throws(PresetFailure) in try shelf.save(name, state) }
    return .json(["preset": .string(name), "saved": true, "layers": .int(Int64(state.layers.count))])
  }

  func deletePreset(_ call: APICall) async throws(RequestRejection) -> Response {
    let name = call.names[0]
    try await onShelf { shelf throws(PresetFailure) in try shelf.delete(name) }
    return .json(["preset": .string(name), "deleted": true])
  }

  func loadPreset(_ call: APICall) async throws(RequestRejection) -> Response {
    let name = call.names[0]
    let state = try await onShelf { [coordinator = seams.coordinator] shelf throws(PresetFailure) in
      try shelf.load(name, into: coordinator.view().durable)
    }
    return try await perform(.loadPreset(name: name, state), call)
  }

  private func onShelf<Value: Sendable>(
    _ work: @escaping @Sendable (any PresetShelf) throws(PresetFailure) -> Value
  ) async throws(RequestRejection) -> Value {
    let shelf = seams.presets
    return try await onSlowThread {
      do throws(PresetFailure) {
        return .success(try work(shelf))
      } catch {
        return .failure(RequestRejection(error))
      }
    }
  }
}

extension PresetSummary {
  fileprivate var json: JSONValue {
    ["name": .string(name), "bytes": .int(bytes), "modifiedAtUnixMs": .int(modifiedAtUnixMs)]
  }
}
