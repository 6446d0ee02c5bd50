import StudioState

/// Replaces a package that the reference renderer can't draw: a hatching of two muted tones whose hue is derived from
/// the package's id, so that different unknown packages look different.
struct SlateKernel: LayerKernel {
  private let tones: (Pixel, Pixel)
  /// Width of a stripe along a row, in pixels.
  private let stripe: Int
  let isOpaque = true

  init(_ package: PackageID, _ scene: KernelScene) {
    // FNV-1a, because Swift's own hashes differ between processes.
    let hash = package.rawValue.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    func tone(_ level: Double) -> Pixel {
      func tint(_ shift: UInt32) -> Double { Double(hash >> shift & 0xFF) / 255 * 0.14 }
      return Pixel(level + tint(0), level + tint(8), level + tint(16))
    }
    tones = (tone(0.20), tone(0.28))
    stripe = max(scene.size.height / 18, 2)
  }

  func fill(_ row: inout MutableSpan<Pixel>, line: Int) {
    for column in row.indices { row[column] = (column + line) / stripe % 2 == 0 ? tones.0 : tones.1 }
  }
}
