/// The two clocks of the control surfaces, handed in by the host so that tests set them.
public struct ControlClock: Sendable {
  /// Monotonic time since an arbitrary epoch: what mutations are performed at.
  public var now: @Sendable () -> Duration
  /// Wall clock, milliseconds since 1970: what OSC time tags are compared with.
  public var unixMilliseconds: @Sendable () -> Int64

  public init(now: @escaping @Sendable () -> Duration, unixMilliseconds: @escaping @Sendable () -> Int64) {
    self.now = now
    self.unixMilliseconds = unixMilliseconds
  }
}
