// Values outside their parameter's range: a default that the header's author wrote, or a value that was stored before
// the range was narrowed.

extension ParameterDefinition {
  /// The value in use for `stored`: `stored` itself if it fits, otherwise the nearest value in this parameter's range,
  /// otherwise the default. Always of ``type`` and within the bounds.
  public func inUse(for stored: ParameterValue) -> ParameterValue {
    if let value = try? validated(stored) { return value }
    guard let converted = converted(stored), converted.isFinite else { return defaultValue }
    return (try? validated(clamped(converted))) ?? defaultValue
  }

  /// `value` with each component clamped to its bounds.
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

  /// A bound such as 0.5 is rounded to the next integer inside the range.
  private func clamped(_ number: Int64) -> Int64 {
    let low = minimum?.component(0).flatMap { Int64(exactly: $0.rounded(.up)) } ?? .min
    let high = maximum?.component(0).flatMap { Int64(exactly: $0.rounded(.down)) } ?? .max
    return min(max(number, low), high)
  }

  private func nearestChoice(to number: Int64) -> Int64 {
    let allowed = choices.filter { clamped($0.value) == $0.value }
    // Of two equally near values the first one is used.
    return allowed.min { Self.distance($0.value, number) < Self.distance($1.value, number) }?.value ?? number
  }

  private static func distance(_ left: Int64, _ right: Int64) -> UInt64 {
    left > right
      ? UInt64(bitPattern: left) &- UInt64(bitPattern: right) : UInt64(bitPattern: right) &- UInt64(bitPattern: left)
  }
}
