import StudioState

/// The settings that can change only while the hardware is stopped.
struct OutputMode: Sendable, Equatable {
  let rate: FrameRate
  /// The output's size, not the reference renderer's.
  let size: FrameSize

  init(_ config: RuntimeConfig) {
    rate = FrameRate(config.frameRate)
    size = FrameSize(width: config.outputWidth, height: config.outputHeight)
  }
}
