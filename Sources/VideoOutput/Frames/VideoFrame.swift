/// A finished picture. Immutable, so that any number of threads may read it while the next one is rendered.
public final class VideoFrame: Sendable {
  /// The frame's number within the lifetime of an output, from 0. Frames that were never rendered leave gaps.
  public let number: Int64
  /// The number of the render snapshot that it shows; 0 if there was none.
  public let snapshotNumber: UInt64
  public let size: FrameSize
  /// `size.width * size.height` opaque pixels, row by row from the top left.
  let pixels: [Pixel]

  init(number: Int64, snapshotNumber: UInt64, size: FrameSize, pixels: [Pixel]) {
    precondition(pixels.count == size.width * size.height, "a frame has as many pixels as its size says")
    self.number = number
    self.snapshotNumber = snapshotNumber
    self.size = size
    self.pixels = pixels
  }

  /// The picture that is shown before the first frame.
  static func black(_ size: FrameSize) -> VideoFrame {
    let pixels = [Pixel](repeating: .black, count: size.width * size.height)
    return VideoFrame(number: 0, snapshotNumber: 0, size: size, pixels: pixels)
  }

  /// Red, green, blue, alpha, one byte each, row by row from the top left.
  public var rgba: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: pixels.count * 4) { buffer, count in
      for (index, pixel) in pixels.enumerated() {
        buffer[index * 4] = pixel.red
        buffer[index * 4 + 1] = pixel.green
        buffer[index * 4 + 2] = pixel.blue
        buffer[index * 4 + 3] = pixel.alpha
      }
      count = pixels.count * 4
    }
  }
}

/// A colour with 8 bits per channel, not premultiplied.
struct Pixel: Sendable, Equatable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8
  var alpha: UInt8

  static let black = Pixel(red: 0, green: 0, blue: 0)
  static let white = Pixel(red: 255, green: 255, blue: 255)

  init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// Channels from 0 to 1; other values are clamped.
  init(_ red: Double, _ green: Double, _ blue: Double, _ alpha: Double = 1) {
    self.init(red: byte(red), green: byte(green), blue: byte(blue), alpha: byte(alpha))
  }
}

/// Converts 0 to 1 into 0 to 255, rounded. NaN is converted to 0.
func byte(_ unit: Double) -> UInt8 {
  unit > 0 ? UInt8(min(unit, 1) * 255 + 0.5) : 0
}
