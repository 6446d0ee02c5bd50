import StudioState

/// Draws one shader package on the CPU: the same picture as the package's ISF file. A kernel is created for one frame
/// and precomputes what does not depend on the pixel.
///
/// Coordinates are ISF's: x from the left and y from the *bottom* of the picture.
protocol LayerKernel {
  /// Whether every pixel has alpha 255.
  var isOpaque: Bool { get }

  /// Fills one row; `line` counts from the top.
  func fill(_ row: inout MutableSpan<Pixel>, line: Int)
}

/// The values that all kernels of one frame share.
struct KernelScene {
  let size: FrameSize
  /// ISF's TIME.
  let seconds: Double

  /// The middle of a column, 0 to 1 from the left.
  func x(_ column: Int) -> Double { (Double(column) + 0.5) / Double(size.width) }

  /// The middle of a line, 0 to 1 from the bottom.
  func y(_ line: Int) -> Double { 1 - (Double(line) + 0.5) / Double(size.height) }

  var aspect: Double { Double(size.width) / Double(size.height) }
}

/// The kernel of a layer's package; a package without a kernel is drawn as a slate.
func makeKernel(for layer: Layer, in scene: KernelScene) -> any LayerKernel {
  let parameters = KernelParameters(layer.parameters)
  switch layer.package.rawValue {
  case "checker": return CheckerKernel(parameters, scene)
  case "colour-bars": return ColourBarsKernel(parameters, scene)
  case "gradient": return GradientKernel(parameters, scene)
  case "plasma": return PlasmaKernel(parameters, scene)
  case "solid": return SolidKernel(parameters)
  default: return SlateKernel(layer.package, scene)
  }
}
