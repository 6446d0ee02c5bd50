import Documents
import Hummingbird
import LiveRuntime
import PersistenceMessages
import StudioState

extension StudioAPI {
  /// Puts an exported state on air, layers and config, and stores it as a new generation. The body is the output of
  /// `GET /export` or `afterimage export`.
  ///
  /// As with a rollback, unsaved changes are stored first. If that fails, nothing changes, unless the query has
  /// `force=true`.
  func importState(_ call: APICall) async throws(RequestRejection) -> Response {
    let timeout = try timeout(call)
    let isForced = try Self.force(call)
    let bytes = try await call.content(upTo: limits.importBytes, within: limits.bodyArrival)
    guard !bytes.isEmpty else {
      throw RequestRejection(400, "missing", "the body must be an exported state; see GET /api/v1/export")
    }
    let (archive, installed) = (seams.archive, seams.coordinator.view().durable.packages)
    let state = try await onSlowThread {
      do throws(ArchiveRejection) {
        return .success(try archive.importedState(bytes, installed: installed))
      } catch {
        return .failure(RequestRejection(error))
      }
    }
    try await storeUnsaved(within: timeout, isForced: isForced)
    let current = try await asked { archive throws(ArchiveRejection) in try await archive.currentGeneration() }
    return try await replaceShow(
      .replaceState(state, .import, reason: "import"),
      ["from": current.map { .int($0) } ?? .null, "stored": nil, "layers": .int(Int64(state.layers.count))], call,
      within: timeout)
  }

  private static func force(_ call: APICall) throws(RequestRejection) -> Bool {
    guard let text = call.query("force") else { return false }
    guard let isForced = Bool(text) else { throw .badQuery("force", "true or false") }
    return isForced
  }
}
