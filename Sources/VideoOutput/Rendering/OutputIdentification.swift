/// A border around the picture and the frame's number in its corner, so that an operator can identify this output and
/// see that it runs.
enum OutputIdentification {
  /// Digits of 3 by 5 dots. Each row has three bits; the top row is in the highest bits.
  private static let digits: [UInt16] = [
    0b111_101_101_101_111, 0b010_110_010_010_111, 0b111_001_111_100_111, 0b111_001_111_001_111, 0b101_101_111_001_001,
    0b111_100_111_001_111, 0b111_100_111_101_111, 0b111_001_010_010_010, 0b111_101_111_101_111, 0b111_101_111_001_111,
  ]
  private static let frameColour = Pixel(red: 255, green: 196, blue: 0)

  static func draw(_ number: Int64, on pixels: inout [Pixel], _ size: FrameSize) {
    // Four pixels per dot at 180 lines.
    let dot = max(size.height / 45, 1)
    drawFrame(on: &pixels, size, thickness: dot)
    let text = String(number).utf8.compactMap { digits.element(at: Int($0) - 48) }
    let box = Rectangle(x: dot * 2, y: dot * 2, width: dot * (text.count * 4 + 1), height: dot * 7)
    fill(box, .black, on: &pixels, size)
    for (position, digit) in text.enumerated() {
      let x = box.x + dot * (1 + position * 4)
      drawDigit(digit, Rectangle(x: x, y: box.y + dot, width: dot, height: dot), on: &pixels, size)
    }
  }

  private static func drawFrame(on pixels: inout [Pixel], _ size: FrameSize, thickness: Int) {
    let (width, height) = (size.width, size.height)
    let edges = [
      Rectangle(x: 0, y: 0, width: width, height: thickness),
      Rectangle(x: 0, y: height - thickness, width: width, height: thickness),
      Rectangle(x: 0, y: 0, width: thickness, height: height),
      Rectangle(x: width - thickness, y: 0, width: thickness, height: height),
    ]
    for edge in edges { fill(edge, frameColour, on: &pixels, size) }
  }

  /// - Parameter dot: the digit's top left dot.
  private static func drawDigit(_ digit: UInt16, _ dot: Rectangle, on pixels: inout [Pixel], _ size: FrameSize) {
    for bit in 0..<15 where digit >> (14 - bit) & 1 == 1 {
      var lit = dot
      lit.x += bit % 3 * dot.width
      lit.y += bit / 3 * dot.height
      fill(lit, .white, on: &pixels, size)
    }
  }

  private struct Rectangle {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
  }

  /// Clips to the picture.
  private static func fill(_ area: Rectangle, _ colour: Pixel, on pixels: inout [Pixel], _ size: FrameSize) {
    let columns = max(area.x, 0)..<max(min(area.x + area.width, size.width), area.x, 0)
    for line in max(area.y, 0)..<max(min(area.y + area.height, size.height), area.y, 0) {
      for column in columns { pixels[line * size.width + column] = colour }
    }
  }
}

extension [UInt16] {
  fileprivate func element(at index: Int) -> UInt16? {
    indices.contains(index) ? self[index] : nil
  }
}
