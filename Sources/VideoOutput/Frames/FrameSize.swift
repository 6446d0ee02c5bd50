/// Pixels across and down.
public struct FrameSize: Sendable, Hashable {
  public let width: Int
  public let height: Int

  /// Both are at least 1.
  public init(width: Int, height: Int) {
    self.width = max(width, 1)
    self.height = max(height, 1)
  }

  /// The largest picture of the reference renderer: a sixteenth of 720p, which one core draws in a fraction of a
  /// frame's time.
  public static let referenceBounds = FrameSize(width: 320, height: 180)

  /// The reference size of an output: its aspect within ``referenceBounds``, never larger than the output itself.
  public static func reference(forOutput output: FrameSize) -> FrameSize {
    let bounds = referenceBounds
    guard output.width > bounds.width || output.height > bounds.height else { return output }
    if output.width * bounds.height >= output.height * bounds.width {
      return FrameSize(width: bounds.width, height: scaled(output.height, bounds.width, output.width))
    }
    return FrameSize(width: scaled(output.width, bounds.height, output.height), height: bounds.height)
  }

  /// `value * part / whole`, rounded.
  private static func scaled(_ value: Int, _ part: Int, _ whole: Int) -> Int {
    (value * part + whole / 2) / whole
  }
}
