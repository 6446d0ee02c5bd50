// Values that lie outside their parameter's range: those that a header's author wrote as the default, and those that were
// stored before the range was narrowed.

extension ParameterDefinition {
  /// What is used for `stored`: itself where it fits, else the value of this parameter's range that is nearest to it, else
  /// the default. Always of ``type`` and within the bounds.
  public func inUse(for stored: ParameterValue) -> ParameterValue {
    if let value = try? validated(stored) { return value }
    guard let converted = converted(stored), converted.isFinite else { return defaultValue }
    return (try? validated(clamped(converted))) ?? defaultValue
  }

  /// `value`, each component moved to its bound when it lies beyond it.
  private func clamped(_ value: ParameterValue) -> ParameterValue {
    switch value {
    case .bool, .string: value
    case .int(let number): .int(nearestChoice(to: clamped(number)))
    case .double(let number): .double(clamped(number, 0))
    case .point2D(let x, let y): .point2D(clamped(x, 0), clamped(y, 1))
    case .color(let r, let g, let b, let a): .color(clamped(r, 0), clamped(g, 1), clamped(b, 2), clamped(a, 3))
    }
  }

  private func clamped(_ number: Double, _ index: Int) -> Double {
    min(max(number, minimum?.component(index) ?? -.infinity), maximum?.component(index) ?? .infinity)
  }

  /// A bound such as 0.5 is that of the next integer within.
  private func clamped(_ number: Int64) -> Int64 {
    let low = minimum?.component(0).flatMap { Int64(exactly: $0.rounded(.up)) } ?? .min
    let high = maximum?.component(0).flatMap { Int64(exactly: $0.rounded(.down)) } ?? .max
    return min(max(number, low), high)
  }

  private func nearestChoice(to number: Int64) -> Int64 {
    let allowed = choices.filter { clamped($0.value) == $0.value }
    // The first one of two that are equally near.
    return allowed.min { Self.distance($0.value, number) < Self.distance($1.value, number) }?.value ?? number
  }

  private static func distance(_ left: Int64, _ right: Int64) -> UInt64 {
    left > right
      ? UInt64(bitPattern: left) &- UInt64(bitPattern: right) : UInt64(bitPattern: right) &- UInt64(bitPattern: left)
  }
}
