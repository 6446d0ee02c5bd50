/// Decides which generation is proven by now: one that was on air for a moment at least, and after whose coming the host
/// has run on for the proving time. Pure: it is told the time and never reads a clock.
///
/// A show that changes every few seconds has no generation that stays for the proving time. That the host lives on for
/// that long after a generation was on air is what counts: a generation that kills the host does so at once.
public struct ProvingRule: Sendable, Equatable {
  /// A generation that another one replaces sooner proves nothing: few frames were made of it.
  public static let leastTimeOnAir = Duration.seconds(1)

  private struct Stay: Sendable, Equatable {
    var generation: Int64
    var since: Duration
  }

  private let provingTime: Duration
  private var current: Stay?
  /// The generation that waits for its proving time to pass; the current one or one before it.
  private var candidate: Stay?
  private var proven: Int64?
  /// Not in the ring when it was to be marked.
  private var gone: Int64?

  public init(provingTime: Duration) {
    self.provingTime = provingTime
  }

  /// Called often while the host runs.
  ///
  /// - Parameter generation: on air now; nil when there is none.
  /// - Returns: the generation to mark as proven, again and again until ``noteProven(_:)`` or ``noteFailed(at:)``.
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

  /// The generation is not in the ring of the folder that is used. The next candidate is the current generation, unless
  /// that is the one.
  public mutating func noteGone() {
    gone = candidate?.generation
    candidate = nil
  }

  /// The generation may not be marked, because it shows nothing after a loss (``LossRecord``). The current one is asked
  /// for after another proving time.
  public mutating func noteHeld(at now: Duration) {
    candidate = current.map { Stay(generation: $0.generation, since: now) }
  }

  /// The mark could not be set: once more after another proving time, because a store that can't be written must not be
  /// asked many times a second.
  public mutating func noteFailed(at now: Duration) {
    candidate?.since = now
  }
}
