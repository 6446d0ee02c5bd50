import PersistenceMessages
import Synchronization

/// The callers that wait until a sequence is stored. One lock around one value, held for list operations only.
final class WaitRoom: Sendable {
  /// Most waiters, each an open HTTP request or a call. Beyond this number a caller is refused at once.
  static let maximumWaiters = 1024

  private struct Room {
    var stored: UInt64
    var generation: Int64?
    var isEnded = false
    var nextNumber: UInt64 = 0
    var waiting: [UInt64: Waiter] = [:]
  }

  private struct Waiter {
    var sequence: UInt64
    var continuation: CheckedContinuation<StoreWait, Never>
  }

  private let room: Mutex<Room>

  /// - Parameter generation: the generation that was restored; nil if there is none.
  init(stored: UInt64, generation: Int64?) {
    room = Mutex(Room(stored: stored, generation: generation))
  }

  /// Waits until `sequence` is stored. `sleep` returns at the caller's timeout.
  func wait(until sequence: UInt64, sleep: @escaping @Sendable () async -> Void) async -> StoreWait {
    let number = room.withLock { room in
      room.nextNumber += 1
      return room.nextNumber
    }
    return await withTaskGroup(of: Void.self) { group in
      let answer = await withCheckedContinuation { continuation in
        let isWaiting = enter(number, Waiter(sequence: sequence, continuation: continuation))
        guard isWaiting else { return }
        group.addTask {
          await sleep()
          self.dismiss(number)
        }
      }
      group.cancelAll()
      return answer
    }
  }

  /// `sequence` and all before it are durable.
  func noteStored(_ sequence: UInt64, generation: Int64) {
    let served = room.withLock { room in
      room.stored = max(room.stored, sequence)
      room.generation = generation
      let served = room.waiting.filter { $0.value.sequence <= room.stored }
      for number in served.keys { room.waiting[number] = nil }
      return served.values
    }
    for waiter in served { waiter.continuation.resume(returning: .stored(generation: generation)) }
  }

  /// The writer has ended: answers all waiters and refuses new ones.
  func end() {
    let left = room.withLock { room in
      room.isEnded = true
      defer { room.waiting = [:] }
      return room.waiting.values
    }
    for waiter in left { waiter.continuation.resume(returning: .stopped) }
  }

  private static func answer(to sequence: UInt64, in room: Room) -> StoreWait? {
    if sequence <= room.stored { return .stored(generation: room.generation) }
    if room.isEnded { return .stopped }
    return room.waiting.count < maximumWaiters ? nil : .refused
  }

  /// Answers at once, or adds the waiter and returns true.
  private func enter(_ number: UInt64, _ waiter: Waiter) -> Bool {
    let answer = room.withLock { room -> StoreWait? in
      let answer = Self.answer(to: waiter.sequence, in: room)
      if answer == nil { room.waiting[number] = waiter }
      return answer
    }
    guard let answer else { return true }
    waiter.continuation.resume(returning: answer)
    return false
  }

  private func dismiss(_ number: UInt64) {
    let waiter = room.withLock { $0.waiting.removeValue(forKey: number) }
    waiter?.continuation.resume(returning: .timedOut)
  }
}
