/// A colour ramp, computed once per frame so that a pixel needs one lookup.
struct ColourRamp {
  /// More steps than an 8-bit channel has, so that no step is visible.
  static let steps = 512
  private let colours: [Pixel]
  let isOpaque: Bool

  init(_ colour: (Double) -> Pixel) {
    colours = (0..<Self.steps).map { colour(Double($0) / Double(Self.steps - 1)) }
    isOpaque = colours.allSatisfy { $0.alpha == 255 }
  }

  /// A linear ramp from one colour to another.
  init(from start: Pixel, to end: Pixel) {
    func mixed(_ start: UInt8, _ end: UInt8, _ position: Double) -> UInt8 {
      UInt8((Double(start) + (Double(end) - Double(start)) * position).rounded())
    }
    self.init { position in
      Pixel(
        red: mixed(start.red, end.red, position), green: mixed(start.green, end.green, position),
        blue: mixed(start.blue, end.blue, position), alpha: mixed(start.alpha, end.alpha, position))
    }
  }

  /// `position` is clamped to 0 to 1. It must not be NaN.
  @inline(__always)
  subscript(_ position: Float) -> Pixel {
    colours[Int(min(max(position, 0), 1) * Float(Self.steps - 1) + 0.5)]
  }
}
