/// `solid.fs`.
struct SolidKernel: LayerKernel {
  private let colour: Pixel
  var isOpaque: Bool { colour.alpha == 255 }

  init(_ parameters: KernelParameters) {
    colour = parameters.colour("colour", default: Pixel(0.08, 0.24, 0.55))
  }

  func fill(_ row: inout MutableSpan<Pixel>, line: Int) {
    for column in row.indices { row[column] = colour }
  }
}
