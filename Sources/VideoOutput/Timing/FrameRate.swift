/// Frames a second as a fraction, because 29.97 is really 30,000/1,001: taken as a decimal it would be a frame wrong
/// after nine hours.
public struct FrameRate: Sendable, Hashable {
  public let numerator: Int64
  public let denominator: Int64

  /// What the config may ask for (``RuntimeConfig``); everything else is held within.
  static let bounds = 1.0...240.0
  /// The rates that have a sibling at 1000/1001 of their speed in SMPTE practice.
  private static let ratesWithSibling: [Int64] = [24, 30, 48, 60, 120, 240]
  /// People write 23.976 and 23.98, 29.97, 59.94; whole rates and PAL rates are further away than this.
  private static let siblingTolerance = 0.005

  /// The rate that is meant by a decimal number: whole, one of the 1000/1001 family, or else a fraction of millionths.
  /// What is no number counts as 60.
  public init(_ framesPerSecond: Double) {
    let rate = framesPerSecond.isNaN ? 60 : min(max(framesPerSecond, Self.bounds.lowerBound), Self.bounds.upperBound)
    if let whole = Int64(exactly: rate) {
      self.init(whole, 1)
    } else if let base = Self.ratesWithSibling.first(where: { base in
      (Double(base) * 1000 / 1001 - rate).magnitude < Self.siblingTolerance
    }) {
      self.init(base * 1000, 1001)
    } else {
      self.init(Int64((rate * 1_000_000).rounded()), 1_000_000)
    }
  }

  /// Both parts are at least 1.
  init(_ numerator: Int64, _ denominator: Int64) {
    self.numerator = numerator
    self.denominator = denominator
  }
}
