/// SplitMix64. Everything that is left to chance in a simulated world is drawn from one of these, so that a seed is a
/// history.
struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed &* 0xD134_2543_DE82_EF95 &+ 0x2545_F491_4F6C_DD1D
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// In 0..<1.
  mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func chance(_ probability: Double) -> Bool { fraction() < probability }

  /// In 0..<`count`.
  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

  mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  /// In whole microseconds.
  mutating func between(_ shortest: Duration, _ longest: Duration) -> Duration {
    let spread = Int((longest - shortest) / .microseconds(1))
    return spread > 0 ? shortest + .microseconds(below(spread + 1)) : shortest
  }

  /// As above, with as many short times as long ones: each factor of ten is as likely as the next.
  mutating func scattered(_ shortest: Duration, _ longest: Duration) -> Duration {
    var factor = longest / shortest
    var time = shortest
    while factor > 1, chance(0.6) {
      time = time * min(factor, 10)
      factor /= 10
    }
    return between(shortest, max(shortest, time))
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// A generator of its own, whose draws don't shift those of this one.
  mutating func fork() -> SeededRandom { SeededRandom(seed: next()) }
}
