/// The history of a world: a digest of all events, and text lines if requested.
struct History {
  let isKept: Bool
  private(set) var lines: [String] = []
  /// FNV-1a over all notes: two runs of a seed are the same exactly when their digests are.
  private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325

  init(isKept: Bool) {
    self.isKept = isKept
  }

  /// - Parameter figure: the value that enters the digest, besides the event's time.
  mutating func note(at now: Duration, _ figure: UInt64, _ text: () -> String) {
    mix(UInt64(truncatingIfNeeded: now.components.attoseconds / 1_000_000_000))
    mix(UInt64(truncatingIfNeeded: now.components.seconds))
    mix(figure)
    if isKept { lines.append("\(now.inSeconds)  \(text())") }
  }

  private mutating func mix(_ figure: UInt64) {
    digest = (digest ^ figure) &* 0x0000_0100_0000_01B3
  }
}

extension Duration {
  /// Seconds with microseconds, such as `1003.250000`.
  var inSeconds: String {
    let microseconds = components.attoseconds / 1_000_000_000_000
    let digits = String(abs(microseconds))
    return "\(components.seconds)." + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
