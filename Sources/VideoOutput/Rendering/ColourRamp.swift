/// A run of colours, worked out once a frame so that a pixel costs one lookup.
struct ColourRamp {
  /// More steps than an 8-bit channel has, so that no step shows.
  static let steps = 512
  private let colours: [Pixel]
  let isOpaque: Bool

  init(_ colour: (Double) -> Pixel) {
    colours = (0..<Self.steps).map { colour(Double($0) / Double(Self.steps - 1)) }
    isOpaque = colours.allSatisfy { $0.alpha == 255 }
  }

  /// From one colour to another, in straight lines.
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

  /// `position` 0 to 1; what lies outside is held within. It must be a number.
  @inline(__always)
  subscript(_ position: Float) -> Pixel {
    colours[Int(min(max(position, 0), 1) * Float(Self.steps - 1) + 0.5)]
  }
}
