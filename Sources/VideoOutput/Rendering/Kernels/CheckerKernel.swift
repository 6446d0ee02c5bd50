#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `checker.fs`. One unit is the picture's width, from the top left corner, so that the squares are square.
struct CheckerKernel: LayerKernel {
  private let ramp: ColourRamp
  private let isSoft: Bool
  private let columnWaves: [Float]
  private let lineWaves: [Float]
  var isOpaque: Bool { ramp.isOpaque }

  init(_ parameters: KernelParameters, _ scene: KernelScene) {
    ramp = ColourRamp(
      from: parameters.colour("darkColour", default: Pixel(0.11, 0.12, 0.14)),
      to: parameters.colour("lightColour", default: Pixel(0.86, 0.86, 0.84)))
    isSoft = parameters.flag("soft", default: false)
    let squares = Double(parameters.integer("squares", in: 2...64, default: 16))
    columnWaves = (0..<scene.size.width).map { Float(sin(scene.x($0) * squares * .pi)) }
    lineWaves = (0..<scene.size.height).map { Float(sin((1 - scene.y($0)) / scene.aspect * squares * .pi)) }
  }

  func fill(_ row: inout MutableSpan<Pixel>, line: Int) {
    let lineWave = lineWaves[line]
    for column in row.indices {
      let wave = columnWaves[column] * lineWave
      row[column] = ramp[isSoft ? 0.5 + 0.5 * wave : wave >= 0 ? 1 : 0]
    }
  }
}
