import GenerationStore
import LiveRuntime

/// A control surface: a source of mutations with its own rhythm.
final class Surface {
  enum Style: CaseIterable {
    /// Moves faders: values in flight, many a second.
    case fader
    /// Edits the show, and waits now and then until it is stored.
    case editor
    /// Durable mutations without a pause that a debounce could find.
    case stream
    /// Many at once, then quiet.
    case burst
    /// Sends what must be refused.
    case careless
    /// Rolls back, loads presets, flushes, pins.
    case chief
  }

  private let style: Style
  private unowned let host: HostLife
  private var random: SeededRandom

  init(_ style: Style, host: HostLife, random: SeededRandom) {
    self.style = style
    self.host = host
    self.random = random
  }

  func begin() { actLater(in: random.between(.milliseconds(1), .seconds(1))) }

  private func actLater(in delay: Duration) {
    host.world.schedule(in: delay, life: host.number) { [self] in
      guard !host.world.isCalm else { return }
      actLater(in: act())
    }
  }

  /// - Returns: the pause until the next time.
  private func act() -> Duration {
    switch style {
    case .fader:
      perform { $0.silent() }
      return random.chance(0.05) ? random.between(.seconds(1), .seconds(3)) : .milliseconds(random.within(10...60))
    case .editor:
      perform { $0.durable() }
      if random.chance(0.3) { host.waitUntilStored(someSequence, timeout: patience) }
      return random.scattered(.milliseconds(30), .seconds(4))
    case .stream:
      perform { $0.durable() }
      return random.between(.milliseconds(5), .milliseconds(120))
    case .burst:
      for _ in 0..<random.within(5...40) where !host.isOver { perform { $0.durable() } }
      return random.between(.milliseconds(500), .seconds(5))
    case .careless:
      perform { $0.refused() }
      return random.between(.milliseconds(20), .milliseconds(500))
    case .chief:
      command()
      return random.between(.milliseconds(100), .seconds(4))
    }
  }

  private var patience: Duration { random.scattered(.milliseconds(1), .seconds(5)) }
  /// One that is on its way, or one that was stored long ago.
  private var someSequence: UInt64 { random.chance(0.8) ? host.ledger.newest : host.ledger.base }

  private func perform(_ plan: (inout MutationDeck) -> PlannedMutation) {
    var deck = MutationDeck(view: host.coordinator.view(), random: random.fork())
    host.perform(plan(&deck))
  }

  private func command() {
    switch random.below(24) {
    case 0...8: perform { $0.operation() }
    case 9...12: host.flush(timeout: patience)
    case 13...15: pin()
    case 16: perform { $0.poison() }
    case 17 where random.chance(0.1):
      for _ in 0..<1100 { host.waitUntilStored(host.ledger.newest + 1, timeout: .milliseconds(random.within(1...900))) }
    case 18: for _ in 0..<20 { pin() }
    default:
      perform { $0.durable() }
      host.waitUntilStored(host.ledger.newest, timeout: patience)
    }
  }

  /// Pins some generation, or takes its pin away.
  private func pin() {
    let (world, limit) = (host.world, host.world.scenario.pinLimit)
    let entries = world.disk.visible.ring.entries
    guard !entries.isEmpty else { return }
    let entry = random.pick(entries)
    host.maintain(timeout: patience) { store in
      let canPin = world.disk.visible.ring.pinCount < limit
      _ = store.maintain(entry.generation) { image in
        image.pin(entry.generation, label: entry.pin == nil && canPin ? "kept" : nil)
      }
    }
  }
}
