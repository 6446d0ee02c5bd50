/// `colour-bars.fs`: the picture has three kinds of rows, each drawn once per frame and then copied.
struct ColourBarsKernel: LayerKernel {
  private let bars: [Pixel]
  private let castellations: [Pixel]
  private let foot: [Pixel]
  /// The first line of the castellations and of the foot.
  private let castellationsLine: Int
  private let footLine: Int
  let isOpaque = true

  // 8-bit levels. 191 is 75 %; 19 is black, with room below it for PLUGE.
  private static let black = Pixel(red: 19, green: 19, blue: 19)
  private static let colours = [
    Pixel(red: 191, green: 191, blue: 191), Pixel(red: 191, green: 191, blue: 0), Pixel(red: 0, green: 191, blue: 191),
    Pixel(red: 0, green: 191, blue: 0), Pixel(red: 191, green: 0, blue: 191), Pixel(red: 191, green: 0, blue: 0),
    Pixel(red: 0, green: 0, blue: 191),
  ]
  /// The foot's fields with their right edges, in bars: -I, white, +Q, black, then PLUGE and black.
  private static let footFields: [(edge: Double, colour: Pixel)] = [
    (1.25, Pixel(red: 0, green: 33, blue: 76)), (2.5, .white), (3.75, Pixel(red: 50, green: 0, blue: 106)),
    (5, black), (16.0 / 3, Pixel(red: 9, green: 9, blue: 9)), (17.0 / 3, black),
    (6, Pixel(red: 29, green: 29, blue: 29)), (7, black),
  ]

  init(_ parameters: KernelParameters, _ scene: KernelScene) {
    let brightness = parameters.number("brightness", in: 0...1, default: 1)
    let isFullField = parameters.integer("pattern", in: 0...1, default: 0) == 1
    func row(_ colour: (Double) -> Pixel) -> [Pixel] {
      (0..<scene.size.width).map { Self.dimmed(colour(scene.x($0) * 7), brightness) }
    }
    bars = row { Self.colours[Int($0)] }
    castellations = row { Int($0) % 2 == 0 ? Self.colours[6 - Int($0)] : Self.black }
    foot = row { position in Self.footFields.first { position < $0.edge }?.colour ?? Self.black }
    castellationsLine = isFullField ? scene.size.height : scene.size.height * 2 / 3
    footLine = isFullField ? scene.size.height : scene.size.height * 3 / 4
  }

  func fill(_ row: inout MutableSpan<Pixel>, line: Int) {
    let source = line < castellationsLine ? bars : line < footLine ? castellations : foot
    for column in row.indices { row[column] = source[column] }
  }

  private static func dimmed(_ colour: Pixel, _ brightness: Double) -> Pixel {
    func level(_ channel: UInt8) -> UInt8 { UInt8((Double(channel) * brightness).rounded()) }
    return Pixel(red: level(colour.red), green: level(colour.green), blue: level(colour.blue))
  }
}
