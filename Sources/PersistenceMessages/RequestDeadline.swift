/// The time after which a request must not be performed. A sender that gave up relies on it: the receiver may have been
/// stopped, or the request may have waited in a queue. A value; it never reads a clock.
///
/// Its form in a header is `UNIX_MS` or `UNIX_MS BOOT_ID BOOT_MS`. Under the same boot of the same machine only the
/// time since the boot is compared. It can't be set, and it advances while processes are stopped and the machine
/// sleeps.
public struct RequestDeadline: Sendable, Equatable {
  public static let headerName = "X-Afterimage-Deadline"

  /// A time as one machine's clocks show it.
  public struct Moment: Sendable, Equatable {
    /// Wall clock, milliseconds since 1970.
    public var unixMilliseconds: Int64
    public var boot: Boot?

    public struct Boot: Sendable, Equatable {
      /// Identifies one boot of one machine.
      public var id: String
      /// Milliseconds since the boot, including the time that the machine slept.
      public var milliseconds: Int64

      public init(id: String, milliseconds: Int64) {
        self.id = id
        self.milliseconds = milliseconds
      }
    }

    public init(unixMilliseconds: Int64, boot: Boot? = nil) {
      self.unixMilliseconds = unixMilliseconds
      self.boot = boot
    }
  }

  public var moment: Moment

  public init(_ moment: Moment) {
    self.moment = moment
  }

  /// - Parameters:
  ///   - time: how long the request is valid, from `now`.
  ///   - now: the sender's current time.
  public init(within time: Duration, of now: Moment) {
    let milliseconds = Int64(time / .milliseconds(1))
    moment = now
    moment.unixMilliseconds += milliseconds
    moment.boot?.milliseconds += milliseconds
  }

  /// Nil if the text has neither form.
  public init?(_ text: String) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard let unix = parts.first.flatMap({ Int64($0) }) else { return nil }
    moment = Moment(unixMilliseconds: unix)
    guard parts.count > 1 else { return }
    guard parts.count == 3, !parts[1].isEmpty, let milliseconds = Int64(parts[2]) else { return nil }
    moment.boot = Moment.Boot(id: String(parts[1]), milliseconds: milliseconds)
  }

  public var text: String {
    "\(moment.unixMilliseconds)" + (moment.boot.map { " \($0.id) \($0.milliseconds)" } ?? "")
  }

  /// - Parameter now: the receiver's current time.
  public func hasPassed(at now: Moment) -> Bool {
    if let boot = moment.boot, let current = now.boot, boot.id == current.id {
      return current.milliseconds >= boot.milliseconds
    }
    return now.unixMilliseconds >= moment.unixMilliseconds
  }
}
