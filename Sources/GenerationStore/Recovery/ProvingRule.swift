/// Decides which generation is proven: one that was on air for a minimum time, and after which the host has kept
/// running for the proving time. Pure: the time is passed in.
///
/// In a show that changes every few seconds no generation is current for the proving time. The evidence is that the
/// host kept running for that long after the generation was on air: a generation that crashes the host does so at once.
public struct ProvingRule: Sendable, Equatable {
  /// A generation that is replaced sooner proves nothing, because few frames were rendered from it.
  public static let leastTimeOnAir = Duration.seconds(1)

  private struct Stay: Sendable, Equatable {
    var generation: Int64
    var since: Duration
  }

  private let provingTime: Duration
  private var current: Stay?
  /// The generation whose proving time is running; the current one or an earlier one.
  private var candidate: Stay?
  private var proven: Int64?
  /// A generation that was no longer in the ring when it should have been marked.
  private var gone: Int64?

  public init(provingTime: Duration) {
    self.provingTime = provingTime
  }

  /// Must be called often while the host runs.
  ///
  /// - Parameter generation: the generation on air; nil if there is none.
  /// - Returns: the generation to mark as proven, at each call until ``noteProven(_:)`` or ``noteFailed(at:)``.
  public mutating func look(at generation: Int64?, now: Duration) -> Int64? {
    if current?.generation != generation {
      if let current, candidate == current, now - current.since < Self.leastTimeOnAir { candidate = nil }
      current = generation.map { Stay(generation: $0, since: now) }
    }
    if candidate == nil, let current, ![proven, gone].contains(current.generation) { candidate = current }
    guard let candidate, now - candidate.since >= provingTime else { return nil }
    return candidate.generation
  }

  public mutating func noteProven(_ generation: Int64) {
    proven = generation
    candidate = nil
  }

  /// The generation is not in the ring of the folder in use. The next candidate is the current generation, unless it is
  /// the missing one.
  public mutating func noteGone() {
    gone = candidate?.generation
    candidate = nil
  }

  /// The generation must not be marked, because it renders nothing after a loss (``LossRecord``). The current one is
  /// proposed after another proving time.
  public mutating func noteHeld(at now: Duration) {
    candidate = current.map { Stay(generation: $0.generation, since: now) }
  }

  /// The mark could not be set. It is proposed again after another proving time, so that a store that can't be written
  /// is not called many times a second.
  public mutating func noteFailed(at now: Duration) {
    candidate?.since = now
  }
}
