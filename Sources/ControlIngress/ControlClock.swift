public import PersistenceMessages

/// The clocks of the control surfaces, passed in so that tests can set them.
public struct ControlClock: Sendable {
  /// Monotonic time since an arbitrary epoch: the time of mutations.
  public var now: @Sendable () -> Duration
  /// Wall clock, milliseconds since 1970; compared with OSC time tags.
  public var unixMilliseconds: @Sendable () -> Int64
  /// The current time for comparison with deadlines of requests.
  public var moment: @Sendable () -> RequestDeadline.Moment

  /// - Parameter moment: nil for the wall clock alone.
  public init(
    now: @escaping @Sendable () -> Duration, unixMilliseconds: @escaping @Sendable () -> Int64,
    moment: (@Sendable () -> RequestDeadline.Moment)? = nil
  ) {
    self.now = now
    self.unixMilliseconds = unixMilliseconds
    self.moment = moment ?? { RequestDeadline.Moment(unixMilliseconds: unixMilliseconds()) }
  }
}
