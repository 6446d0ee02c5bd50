import HostHarness
import Synchronization
import Testing

/// Runs a scenario on a folder of its own; a few of them at a time, so that the hosts of all of them do not share two
/// cores and answers can be bounded.
func withScenario(_ body: (Place) async throws -> Void) async throws {
  await Turns.take()
  defer { Turns.giveBack() }
  let folder = try ScenarioFolder()
  try await body(Place(dataFolder: "\(folder.path)/data"))
}

/// A scenario that begins with the demo show on air, and one change of it stored.
func withStudio(
  _ arguments: [String] = [], prefix: [String] = [], _ body: (Studio) async throws -> Void
) async throws {
  try await withScenario { place in
    try place.putShow()
    let studio = try await Studio(place, arguments, prefix: prefix)
    try await studio.storeOneChange()
    try await body(studio)
  }
}

/// Whose turn it is. Most scenarios wait most of the time: for retries, stalls and housekeeping.
private enum Turns {
  private struct Room {
    var free = 6
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private static let room = Mutex(Room())

  static func take() async {
    await withCheckedContinuation { continuation in
      let isFree = room.withLock { room in
        guard room.free > 0 else {
          room.waiting.append(continuation)
          return false
        }
        room.free -= 1
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  static func giveBack() {
    let next = room.withLock { room -> CheckedContinuation<Void, Never>? in
      if room.waiting.isEmpty {
        room.free += 1
        return nil
      }
      return room.waiting.removeFirst()
    }
    next?.resume()
  }
}
