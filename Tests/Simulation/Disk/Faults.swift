import PersistenceMessages

/// The current behaviour of the disk, and its effect on the next call.
final class Faults {
  enum Weather: Equatable {
    case fine
    /// Calls fail with this code, each with that chance.
    case failing(StoreFailure.Code, chance: Double)
    /// Calls take up to this long.
    case stalling(upTo: Duration)
    /// Commits say an error, and may have taken effect.
    case doubtful(chance: Double)
  }

  enum Outcome {
    case ok
    case failed(StoreFailure)
    /// The effect of a COMMIT that returned an error: whether it is visible and whether it is durable.
    case unknown(StoreFailure, isVisible: Bool, isDurable: Bool)
  }

  struct Call {
    var duration: Duration
    var outcome: Outcome
  }

  private(set) var weather = Weather.fine
  private let faultiness: Double
  private var random: SeededRandom
  private var isOver = false
  /// When the weather became fine; nil while it is not.
  private(set) var fineSince: Duration? = .zero

  init(random: SeededRandom, faultiness: Double) {
    self.random = random
    self.faultiness = faultiness
  }

  /// Fine weather for good.
  func end(at now: Duration) {
    isOver = true
    weather = .fine
    fineSince = fineSince ?? now
  }

  /// - Returns: how long this weather holds.
  func change(at now: Duration) -> Duration {
    weather = !isOver && random.chance(faultiness) ? misery() : .fine
    fineSince = weather == .fine ? fineSince ?? now : nil
    return random.scattered(.milliseconds(200), .seconds(weather == .fine ? 10 : 20))
  }

  private func misery() -> Weather {
    switch random.below(4) {
    case 0: return .stalling(upTo: random.scattered(.milliseconds(100), .seconds(15)))
    case 1: return .doubtful(chance: random.pick([0.3, 1]))
    default:
      // A broken invariant stops storing for good, so it must be rare to leave the others their turn.
      let code = random.pick(StoreFailure.Code.allCases)
      let isKept = code != .invariant || random.chance(0.1)
      return .failing(isKept ? code : .io, chance: random.pick([0.3, 1]))
    }
  }

  func nextStore() -> Call {
    var call = Call(duration: random.scattered(.microseconds(100), .milliseconds(10)), outcome: .ok)
    switch weather {
    case .fine: break
    case .stalling(let longest): call.duration = random.between(.microseconds(100), longest)
    case .failing(let code, let chance):
      guard random.chance(chance) else { break }
      if code == .busy { call.duration = .milliseconds(250) }
      call.outcome = .failed(failure(code))
    case .doubtful(let chance):
      guard random.chance(chance) else { break }
      let isVisible = random.chance(0.6)
      call.outcome = .unknown(failure(.io), isVisible: isVisible, isDurable: isVisible && random.chance(0.5))
    }
    return call
  }

  /// Of rest and of maintenance: nil when it fails.
  func nextUpkeep() -> Duration? {
    switch weather {
    case .fine, .doubtful: return random.scattered(.microseconds(20), .milliseconds(5))
    case .stalling(let longest): return random.between(.microseconds(20), longest)
    case .failing(_, let chance): return random.chance(chance) ? nil : .microseconds(100)
    }
  }

  private func failure(_ code: StoreFailure.Code) -> StoreFailure {
    StoreFailure(code, "simulated \(code.rawValue)", remedy: "Wait.")
  }
}
