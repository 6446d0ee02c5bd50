/// Frames per second as a fraction, because 29.97 stands for 30,000/1,001: as a decimal it would be off by one frame
/// after nine hours.
public struct FrameRate: Sendable, Hashable {
  public let numerator: Int64
  public let denominator: Int64

  /// The rates that a config may have (``RuntimeConfig``); other rates are clamped.
  static let bounds = 1.0...240.0
  /// The rates with a 1000/1001 variant in SMPTE practice.
  private static let ratesWithSibling: [Int64] = [24, 30, 48, 60, 120, 240]
  /// Covers the usual spellings 23.976 and 23.98, 29.97, 59.94; whole rates and PAL rates are further away.
  private static let siblingTolerance = 0.005

  /// The rate that a decimal number stands for: whole, one of the 1000/1001 family, otherwise a fraction of millionths.
  /// NaN is read as 60.
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
