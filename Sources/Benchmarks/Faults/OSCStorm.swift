import Concurrency
import ControlIngress
import Foundation
import HostHarness
import Synchronization

/// A console that moves a fader and stores it, a thousand times a second each, from a thread of its own.
final class OSCStorm: Sendable {
  /// Of two packets, with a message each.
  static let roundsPerSecond = 1000

  private let isEnding = Atomic(false)

  init(to port: UInt16) {
    Thread { [self] in send(to: port) }.start()
  }

  func end() { isEnding.store(true, ordering: .relaxed) }

  private func send(to port: UInt16) {
    let start = MonotonicClock.nanoseconds
    let pause = UInt64(1_000_000_000 / Self.roundsPerSecond)
    var number = 0
    while !isEnding.load(ordering: .relaxed) {
      number += 1
      let value = Float(number % 1000) / 1000
      OSCSender.send([("/studio/layers/plasma/parameters/speed", [.float(value)])], to: port)
      OSCSender.send([("/studio/live/store", [])], to: port)
      // By the clock and not by the pause: what a late wake-up missed is made up for.
      let due = start + UInt64(number) * pause
      let now = MonotonicClock.nanoseconds
      if due > now { Thread.sleep(forTimeInterval: Double(due - now) / 1e9) }
    }
  }
}
