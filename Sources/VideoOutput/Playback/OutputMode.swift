import StudioState

/// What the hardware has to be stopped for when it changes.
struct OutputMode: Sendable, Equatable {
  let rate: FrameRate
  /// The output's size, not the reference renderer's.
  let size: FrameSize

  init(_ config: RuntimeConfig) {
    rate = FrameRate(config.frameRate)
    size = FrameSize(width: config.outputWidth, height: config.outputHeight)
  }
}
