import Synchronization

/// Whose turn it is: a few tests with hosts at a time. Most wait most of the time, for retries, stalls and housekeeping; all
/// at once they would share two cores, and nothing they measure would say anything about a host.
package enum Turns {
  private struct Room {
    var free = 6
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private static let room = Mutex(Room())

  package static func take() async {
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

  package static func giveBack() {
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
