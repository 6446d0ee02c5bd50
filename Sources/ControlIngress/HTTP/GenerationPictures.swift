import Hummingbird
import StudioState
import Synchronization

/// Pictures of generations, rendered on demand and kept. A generation never changes (invariant I7), so its picture stays
/// right.
final class GenerationPictures: Sendable {
  /// A picture has up to 170 KB, so these are at most 8 MB: more generations than a page shows at once.
  static let capacity = 48

  private struct Shelf {
    var pictures: [Int64: [UInt8]] = [:]
    /// The one used longest ago comes first.
    var order: [Int64] = []
  }

  private let shelf = Mutex(Shelf())

  func picture(of generation: Int64) -> [UInt8]? {
    shelf.withLock { shelf in
      guard let picture = shelf.pictures[generation] else { return nil }
      shelf.order.removeAll { $0 == generation }
      shelf.order.append(generation)
      return picture
    }
  }

  func keep(_ picture: [UInt8], of generation: Int64) {
    shelf.withLock { shelf in
      shelf.order.removeAll { $0 == generation }
      shelf.order.append(generation)
      shelf.pictures[generation] = picture
      guard shelf.order.count > Self.capacity else { return }
      shelf.pictures[shelf.order.removeFirst()] = nil
    }
  }
}

extension StudioAPI {
  func generationPicture(_ call: APICall) async throws(RequestRejection) -> Response {
    let reference = call.names[0]
    if let kept = Int64(reference).flatMap(pictures.picture) { return .bytes(kept, type: "image/png") }
    let target = try await asked { archive throws(ArchiveRejection) in try await archive.state(of: reference) }
    let render = seams.picture
    guard let picture = try await onSlowThread({ .success(render(target.state)) }) else {
      throw RequestRejection(503, "noFrame", "this host has no renderer for pictures of generations")
    }
    pictures.keep(picture, of: target.generation)
    return .bytes(picture, type: "image/png")
  }

  /// A generation in the form that `afterimage import` reads.
  func exportGeneration(_ call: APICall) async throws(RequestRejection) -> Response {
    let reference = call.names[0]
    let target = try await asked { archive throws(ArchiveRejection) in try await archive.state(of: reference) }
    return .json(target.state.exportJSON(sequence: target.sequence))
  }
}
