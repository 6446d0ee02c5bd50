public import StudioState

/// What render and output see: the effective state at one moment (transient automation over committed live values over
/// the durable state). Immutable; everything in it can be kept for as long as the frame needs it.
public final class RenderSnapshot: Sendable {
  /// Counts publications in this process from 1, so that a later snapshot has a larger number.
  public let number: UInt64
  /// The durable sequence the snapshot is based on.
  public let sequence: UInt64
  /// Effective layers, bottom to top.
  public let layers: LayerStack
  public let config: RuntimeConfig
  public let local: RenderLocalValues

  public init(
    number: UInt64, sequence: UInt64, layers: LayerStack, config: RuntimeConfig,
    local: RenderLocalValues = RenderLocalValues()
  ) {
    self.number = number
    self.sequence = sequence
    self.layers = layers
    self.config = config
    self.local = local
  }
}

/// Values that concern this machine's picture only: never stored, never part of the show.
public struct RenderLocalValues: Sendable, Equatable {
  /// Draws a frame around the picture and its number into it, so that people find the output among many.
  public var identifiesOutput: Bool

  public init(identifiesOutput: Bool = false) {
    self.identifiesOutput = identifiesOutput
  }
}
