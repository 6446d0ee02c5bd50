import Documents
import Hummingbird
import StudioState

extension StudioAPI {
  func generations() async throws(RequestRejection) -> Response {
    try await answer { archive throws(ArchiveRejection) in try await archive.list() }
  }

  func generation(_ call: APICall) async throws(RequestRejection) -> Response {
    let reference = call.names[0]
    return try await answer { archive throws(ArchiveRejection) in try await archive.show(reference) }
  }

  func difference(_ call: APICall) async throws(RequestRejection) -> Response {
    guard let from = call.query("from"), !from.isEmpty else { throw .badQuery("from", "a generation") }
    guard let to = call.query("to"), !to.isEmpty else { throw .badQuery("to", "a generation") }
    return try await answer { archive throws(ArchiveRejection) in try await archive.diff(from: from, to: to) }
  }

  func pin(_ call: APICall) async throws(RequestRejection) -> Response {
    let reference = call.names[0]
    let json = try await member("label", call, "{\"label\":TEXT}")
    guard let label = json.stringValue else { throw .wrongType("label", "a text", json) }
    let isTooLate = try isTooLate(call)
    return try await answer { archive throws(ArchiveRejection) in
      let generation = try await archive.pin(reference, label: label, isTooLate: isTooLate)
      return ["generation": .int(generation), "pinned": .string(label)]
    }
  }

  func unpin(_ call: APICall) async throws(RequestRejection) -> Response {
    let reference = call.names[0]
    let isTooLate = try isTooLate(call)
    return try await answer { archive throws(ArchiveRejection) in
      ["generation": .int(try await archive.unpin(reference, isTooLate: isTooLate)), "pinned": nil]
    }
  }

  private func answer(
    _ question: (any GenerationArchive) async throws(ArchiveRejection) -> JSONValue
  ) async throws(RequestRejection) -> Response {
    .json(try await asked(question))
  }

  func asked<Value: Sendable>(
    _ question: (any GenerationArchive) async throws(ArchiveRejection) -> Value
  ) async throws(RequestRejection) -> Value {
    do {
      return try await question(seams.archive)
    } catch {
      throw RequestRejection(error)
    }
  }
}
