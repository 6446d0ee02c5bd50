import StudioState

extension BlendMode {
  /// Composites a row over the row below it, which is opaque and remains so.
  ///
  /// - Parameter opacity: 0 to 255; multiplied with each pixel's alpha, the weight of the blended colour.
  func lay(_ row: Span<Pixel>, opacity: UInt8, over below: inout MutableSpan<Pixel>) {
    switch self {
    case .normal: blend(row, opacity, &below) { _, top in top }
    case .add: blend(row, opacity, &below) { min($0 + $1, 255) }
    case .multiply: blend(row, opacity, &below) { dividedBy255($0 * $1) }
    case .screen: blend(row, opacity, &below) { 255 - dividedBy255((255 - $0) * (255 - $1)) }
    case .lighten: blend(row, opacity, &below) { max($0, $1) }
    case .darken: blend(row, opacity, &below) { min($0, $1) }
    case .difference: blend(row, opacity, &below) { max($0, $1) - min($0, $1) }
    }
  }
}

/// Inlined into each case above, so that the mode is selected once per row and not once per channel.
@inline(__always)
private func blend(
  _ row: Span<Pixel>, _ opacity: UInt8, _ below: inout MutableSpan<Pixel>, _ channel: (UInt32, UInt32) -> UInt32
) {
  for column in row.indices {
    let top = row[column]
    let bottom = below[column]
    let alpha = dividedBy255(UInt32(opacity) * UInt32(top.alpha))
    below[column] = Pixel(
      red: mixed(bottom.red, channel(UInt32(bottom.red), UInt32(top.red)), alpha),
      green: mixed(bottom.green, channel(UInt32(bottom.green), UInt32(top.green)), alpha),
      blue: mixed(bottom.blue, channel(UInt32(bottom.blue), UInt32(top.blue)), alpha))
  }
}

@inline(__always)
private func mixed(_ below: UInt8, _ blended: UInt32, _ alpha: UInt32) -> UInt8 {
  UInt8(truncatingIfNeeded: dividedBy255(UInt32(below) * (255 - alpha) + blended * alpha))
}

/// `value / 255`, rounded, for values up to 255 * 255, without a division.
@inline(__always)
private func dividedBy255(_ value: UInt32) -> UInt32 {
  let biased = value &+ 128
  return (biased &+ biased >> 8) >> 8
}
