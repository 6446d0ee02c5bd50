/// Decides which generations are kept. Pure: facts in, verdicts out.
///
/// The policy keeps the pinned generations, the newest proven one, the newest `newest` of all, and of older ones the
/// newest of each hour and, beyond these, of each day. Applied after every store it converges: the last generation of
/// an hour is kept for that hour, and the last of a day for that day.
///
/// Newer means a higher number. Hours and days come from the wall clock, which is a label only: a clock that jumps
/// moves a generation into another hour, and the counts still hold.
public struct RetentionPolicy: Sendable, Equatable {
  /// The number of newest generations that are always kept; at least 1.
  public var newest: Int
  /// The number of hours of which the newest generation is kept.
  public var hourly: Int
  /// The number of days of which the newest generation is kept.
  public var daily: Int

  public init(newest: Int = 64, hourly: Int = 24, daily: Int = 7) {
    self.newest = max(1, newest)
    self.hourly = max(0, hourly)
    self.daily = max(0, daily)
  }

  /// The properties of a generation on which the policy depends.
  public struct Facts: Sendable, Equatable {
    public var generation: Int64
    public var storedAtUnixMs: Int64
    public var isPinned: Bool
    public var isProven: Bool

    public init(generation: Int64, storedAtUnixMs: Int64, isPinned: Bool = false, isProven: Bool = false) {
      self.generation = generation
      self.storedAtUnixMs = storedAtUnixMs
      self.isPinned = isPinned
      self.isProven = isProven
    }
  }

  /// The reason why a generation is kept. If several apply, the first of these is used.
  public enum Reason: String, Sendable, CaseIterable {
    case current, pinned, proven, ring, hourly, daily
  }

  /// The reason why a generation is pruned; the raw value is the text for the operator.
  public enum Loss: String, Sendable, CaseIterable {
    case sameHour = "a newer one of the same hour is kept"
    case sameDay = "a newer one of the same day is kept"
    case tooOld = "older than the hours and days that are kept"
  }

  public struct Verdict: Sendable, Equatable {
    public var generation: Int64
    /// Nil if it is pruned.
    public var reason: Reason?
    /// Nil if it is kept.
    public var loss: Loss?
  }

  /// - Parameter generations: ascending by number.
  /// - Returns: one verdict per generation, in the same order.
  public func verdicts(on generations: [Facts]) -> [Verdict] {
    let newestProven = generations.last { $0.isProven }?.generation
    var hours = Buckets(milliseconds: 3_600_000, limit: hourly)
    var days = Buckets(milliseconds: 86_400_000, limit: daily)
    var verdicts: [Verdict] = []
    for (age, facts) in generations.reversed().enumerated() {
      var reason: Reason?
      var loss: Loss?
      if age == 0 {
        reason = .current
      } else if facts.isPinned {
        reason = .pinned
      } else if facts.generation == newestProven {
        reason = .proven
      } else if age < newest {
        reason = .ring
      } else if hours.hold(facts.storedAtUnixMs) {
        loss = .sameHour
      } else if hours.take(facts.storedAtUnixMs) {
        reason = .hourly
      } else if days.take(facts.storedAtUnixMs) {
        reason = .daily
      } else {
        loss = days.hold(facts.storedAtUnixMs) ? .sameDay : .tooOld
      }
      verdicts.append(Verdict(generation: facts.generation, reason: reason, loss: loss))
    }
    return verdicts.reversed()
  }

  /// Selects the first generation of each period of time, up to a number of periods.
  private struct Buckets {
    let milliseconds: Int64
    let limit: Int
    private var taken: Set<Int64> = []

    init(milliseconds: Int64, limit: Int) {
      self.milliseconds = milliseconds
      self.limit = limit
    }

    func hold(_ time: Int64) -> Bool {
      taken.contains(time / milliseconds)
    }

    mutating func take(_ time: Int64) -> Bool {
      taken.count < limit && taken.insert(time / milliseconds).inserted
    }
  }
}
