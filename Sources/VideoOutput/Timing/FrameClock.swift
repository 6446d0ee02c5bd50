/// Converts frame numbers to times and back, for one frame rate. Pure arithmetic in whole attoseconds: rounding errors
/// do not accumulate, so frame 10,000,000 is as exact as frame 1.
public struct FrameClock: Sendable, Equatable {
  public let rate: FrameRate
  /// The time at which frame 0 begins.
  public let epoch: Duration

  private static let attosecondsPerSecond: Int128 = 1_000_000_000_000_000_000

  public init(rate: FrameRate, epoch: Duration = .zero) {
    self.rate = rate
    self.epoch = epoch
  }

  /// The time at which the frame begins: the first attosecond not before the exact fraction, so that
  /// `frame(at: time(ofFrame: n))` is n. Frame numbers up to 10^13 (1,300 years at 240 fps) fit in 128 bits with room.
  public func time(ofFrame number: Int64) -> Duration {
    let scaled = Int128(number) * Int128(rate.denominator) * Self.attosecondsPerSecond
    return epoch + Duration(attoseconds: -Self.flooredDivision(-scaled, Int128(rate.numerator)))
  }

  /// The frame that is on screen at `time`; negative before the epoch. Valid for the same years.
  public func frame(at time: Duration) -> Int64 {
    let scaled = (time - epoch).attoseconds * Int128(rate.numerator)
    return Int64(clamping: Self.flooredDivision(scaled, Int128(rate.denominator) * Self.attosecondsPerSecond))
  }

  /// The first frame that begins at `time` or later.
  public func firstFrame(notBefore time: Duration) -> Int64 {
    let current = frame(at: time)
    return self.time(ofFrame: current) == time ? current : current + 1
  }

  private static func flooredDivision(_ dividend: Int128, _ divisor: Int128) -> Int128 {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
