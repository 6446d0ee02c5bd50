#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `gradient.fs`. One unit is the picture's height, so that circles are round and angles are true.
struct GradientKernel: LayerKernel {
  private let scene: KernelScene
  private let ramp: ColourRamp
  private let centre: (x: Double, y: Double)
  /// The gradient's direction as a vector of length 1.
  private let direction: (x: Double, y: Double)
  private let isRadial: Bool
  var isOpaque: Bool { ramp.isOpaque }

  init(_ parameters: KernelParameters, _ scene: KernelScene) {
    self.scene = scene
    ramp = ColourRamp(
      from: parameters.colour("startColour", default: Pixel(0.05, 0.06, 0.20)),
      to: parameters.colour("endColour", default: Pixel(0.98, 0.52, 0.30)))
    centre = parameters.point("centre", default: (0.5, 0.5))
    let turn = parameters.number("angle", in: 0...360, default: 270) * .pi / 180
    direction = (cos(turn), sin(turn))
    isRadial = parameters.flag("radial", default: false)
  }

  func fill(_ row: inout MutableSpan<Pixel>, line: Int) {
    // Along a row, x grows by the same step with each pixel.
    let y = Float(scene.y(line) - centre.y)
    let first = Float((scene.x(0) - centre.x) * scene.aspect)
    let step = Float(1 / Double(scene.size.height))
    if isRadial {
      for column in row.indices {
        let x = first + Float(column) * step
        row[column] = ramp[(x * x + y * y).squareRoot() * 2]
      }
    } else {
      let along = first * Float(direction.x) + y * Float(direction.y) + 0.5
      for column in row.indices { row[column] = ramp[along + Float(column) * step * Float(direction.x)] }
    }
  }
}
