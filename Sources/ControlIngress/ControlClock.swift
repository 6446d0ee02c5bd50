public import PersistenceMessages

/// The clocks of the control surfaces, handed in by the host so that tests set them.
public struct ControlClock: Sendable {
  /// Monotonic time since an arbitrary epoch: what mutations are performed at.
  public var now: @Sendable () -> Duration
  /// Wall clock, milliseconds since 1970: what OSC time tags are compared with.
  public var unixMilliseconds: @Sendable () -> Int64
  /// What the deadlines of requests are compared with.
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
