/// Which generations stay. Pure: facts in, verdicts out.
///
/// Kept are the newest, the pinned and the newest proven one, the newest `newest` of all, and of what is older than
/// those the newest of each hour and, beyond these, of each day. Applied after every store it converges: the last
/// generation of an hour stays as that hour's, and the last of a day as that day's.
///
/// Newer means a higher number. Hours and days come from the wall clock, which is a label only: a clock that jumps
/// moves a generation into another hour, and the counts still hold.
public struct RetentionPolicy: Sendable, Equatable {
  /// Newest generations that stay in any case; at least 1.
  public var newest: Int
  /// Hours of which the newest generation stays.
  public var hourly: Int
  /// Days of which the newest generation stays.
  public var daily: Int

  public init(newest: Int = 64, hourly: Int = 24, daily: Int = 7) {
    self.newest = max(1, newest)
    self.hourly = max(0, hourly)
    self.daily = max(0, daily)
  }

  /// What the policy needs to know of a generation.
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

  /// Why a generation stays. Where several hold, the first of these is named.
  public enum Reason: String, Sendable, CaseIterable {
    case current, pinned, proven, ring, hourly, daily
  }

  /// Why a generation goes; the raw value is in words for the operator.
  public enum Loss: String, Sendable, CaseIterable {
    case sameHour = "a newer one of the same hour is kept"
    case sameDay = "a newer one of the same day is kept"
    case tooOld = "older than the hours and days that are kept"
  }

  public struct Verdict: Sendable, Equatable {
    public var generation: Int64
    /// Nil: it is pruned.
    public var reason: Reason?
    /// Nil: it stays.
    public var loss: Loss?
  }

  /// - Parameter generations: ascending by number.
  /// - Returns: one verdict each, in the same order.
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

  /// The first comer of each stretch of time, up to a number of stretches.
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
