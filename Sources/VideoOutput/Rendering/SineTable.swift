#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sines by lookup, for the one wave of the plasma that needs a sine per pixel. The error is at most 0.002, an eighth
/// of a step of its colour ramp.
struct SineTable {
  private static let count = 4096
  private static let shared = SineTable()
  private let values: [Float]

  /// Read once per kernel, so that a pixel does not pay for the check whether the table is initialized.
  static func table() -> SineTable { shared }

  private init() {
    values = (0..<Self.count).map { Float(sin(Double($0) * 2 * .pi / Double(Self.count))) }
  }

  /// - Parameter turns: in whole turns, not radians; finite, and less than 2^40 in magnitude.
  @inline(__always)
  subscript(turns turns: Float) -> Float {
    values[Int(turns * Float(Self.count)) & (Self.count - 1)]
  }
}
