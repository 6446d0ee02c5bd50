/// The asynchronous sleep of the simulated clock.
///
/// `@unchecked Sendable`: a world and everything in it is used by one thread.
final class Sleepers: @unchecked Sendable {
  private var sleeping: [UInt64: CheckedContinuation<Void, Never>] = [:]
  private var cancelled: Set<UInt64> = []
  private var made: UInt64 = 0
  /// Set when a life ends: later sleeps return at once.
  private var isOver = false
  private let wakeLater: (Duration, @escaping () -> Void) -> Void

  /// - Parameter wakeLater: calls back after that time.
  init(wakeLater: @escaping (Duration, @escaping () -> Void) -> Void) {
    self.wakeLater = wakeLater
  }

  /// Returns after `duration`, or at once when the task is cancelled.
  func sleep(_ duration: Duration) async {
    made += 1
    let number = made
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if isOver || duration <= .zero || cancelled.remove(number) != nil { return continuation.resume() }
        sleeping[number] = continuation
        wakeLater(duration) { [self] in wake(number) }
      }
    } onCancel: {
      if !wake(number) { cancelled.insert(number) }
    }
  }

  /// Wakes all sleepers, in the order in which they began to sleep.
  func end() {
    isOver = true
    for number in sleeping.keys.sorted() { wake(number) }
  }

  @discardableResult
  private func wake(_ number: UInt64) -> Bool {
    guard let continuation = sleeping.removeValue(forKey: number) else { return false }
    continuation.resume()
    return true
  }
}
