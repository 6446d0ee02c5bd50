import StudioState

/// A layer's parameters for a kernel: of the right type, finite and within bounds, otherwise the default. Values were
/// checked when they were accepted, but a stored layer may be older than its package, and a trap in the renderer would
/// end the show.
struct KernelParameters {
  private let table: ParameterTable

  init(_ table: ParameterTable) {
    self.table = table
  }

  func number(_ name: String, in bounds: ClosedRange<Double>, default fallback: Double) -> Double {
    let value: Double
    switch table[name] {
    case .double(let number): value = number
    case .int(let integer): value = Double(integer)
    default: value = fallback
    }
    return value.isFinite ? min(max(value, bounds.lowerBound), bounds.upperBound) : fallback
  }

  func integer(_ name: String, in bounds: ClosedRange<Int>, default fallback: Int) -> Int {
    guard case .int(let value) = table[name] else { return fallback }
    return min(max(Int(clamping: value), bounds.lowerBound), bounds.upperBound)
  }

  func flag(_ name: String, default fallback: Bool) -> Bool {
    guard case .bool(let value) = table[name] else { return fallback }
    return value
  }

  func point(_ name: String, default fallback: (x: Double, y: Double)) -> (x: Double, y: Double) {
    guard case .point2D(let x, let y) = table[name], x.isFinite, y.isFinite else { return fallback }
    return (min(max(x, 0), 1), min(max(y, 0), 1))
  }

  func colour(_ name: String, default fallback: Pixel) -> Pixel {
    guard case .color(let red, let green, let blue, let alpha) = table[name] else { return fallback }
    return Pixel(red, green, blue, alpha)
  }
}
