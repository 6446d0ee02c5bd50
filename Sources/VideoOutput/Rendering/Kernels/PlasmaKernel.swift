#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `plasma.fs`: the sum of four waves. Three of them are combined from sines of a column and of a line, which are
/// computed once per frame; only the ring around the moving eye needs a root and a sine per pixel.
///
/// As in any stateless shader, a change of `speed` moves the waves to their position as if `speed` had never differed.
struct PlasmaKernel: LayerKernel {
  private let scene: KernelScene
  private let ramp: ColourRamp
  private let sines = SineTable.table()
  private let columns: [Column]
  private let eye: (x: Double, y: Double)
  /// `speed` times ISF's TIME, in radians of the slowest wave.
  private let phase: Double
  let isOpaque = true

  private struct Column {
    /// Distance from the eye in picture heights, the unit of every length here.
    var fromEye: Float
    var wave: Float
    // The diagonal wave is sin(a + b) = sin a · cos b + cos a · sin b, a for the column and b for the line.
    var diagonalSine: Float
    var diagonalCosine: Float
  }

  init(_ parameters: KernelParameters, _ scene: KernelScene) {
    let phase = scene.seconds * parameters.number("speed", in: 0...1, default: 0.5) * 2
    let eye = (x: scene.aspect * (0.5 + 0.35 * sin(phase * 0.40)), y: 0.5 + 0.35 * cos(phase * 0.31))
    self.scene = scene
    self.phase = phase
    self.eye = eye
    ramp = Self.ramp(mix: parameters.number("mix", in: 0...1, default: 0.35))
    columns = (0..<scene.size.width).map { column in
      let x = scene.x(column) * scene.aspect
      let diagonal = x * 3 + phase * 0.7
      return Column(
        fromEye: Float(x - eye.x), wave: Float(sin(x * 4 + phase)), diagonalSine: Float(sin(diagonal)),
        diagonalCosine: Float(cos(diagonal)))
    }
  }

  func fill(_ row: inout MutableSpan<Pixel>, line: Int) {
    let y = scene.y(line)
    let lineWave = Float(sin(y * 5 - phase * 1.3))
    let diagonalSine = Float(sin(y * 3))
    let diagonalCosine = Float(cos(y * 3))
    let squaredFromEye = Float((y - eye.y) * (y - eye.y))
    let turnsPerUnit = Float(9 / (2 * Double.pi))
    let ringTurns = Float((phase * 1.7 / (2 * .pi)).truncatingRemainder(dividingBy: 1))
    for index in row.indices {
      let column = columns[index]
      let distance = (column.fromEye * column.fromEye + squaredFromEye).squareRoot()
      let ring = sines[turns: distance * turnsPerUnit - ringTurns]
      let diagonal = column.diagonalSine * diagonalCosine + column.diagonalCosine * diagonalSine
      row[index] = ramp[0.5 + (column.wave + lineWave + diagonal + ring) * 0.125]
    }
  }

  /// From embers (0) to northern lights (1).
  private static func ramp(mix: Double) -> ColourRamp {
    ColourRamp { u in
      func channel(_ base: Double, _ swing: Double, _ shift: Double) -> Double {
        base + swing * cos(2 * .pi * (u + shift))
      }
      func mixed(_ ember: Double, _ aurora: Double) -> Double { ember + (aurora - ember) * mix }
      return Pixel(
        mixed(channel(0.48, 0.46, 0.48), channel(0.22, 0.20, 0.15)),
        mixed(channel(0.20, 0.20, 0.58), channel(0.36, 0.34, 0.64)),
        mixed(channel(0.20, 0.18, 0.18), channel(0.52, 0.44, 0.50)))
    }
  }
}
