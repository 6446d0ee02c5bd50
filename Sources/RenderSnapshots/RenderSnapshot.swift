public import StudioState

/// The effective state at one moment (transient automation over committed live values over the durable state), for
/// render and output. Immutable; a reader may keep it for as long as it needs.
public final class RenderSnapshot: Sendable {
  /// The number of the publication in this process, counted from 1: a later snapshot has a larger number.
  public let number: UInt64
  /// The durable sequence on which the snapshot is based.
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

/// Values that affect this machine's picture only: never stored, never part of the show.
public struct RenderLocalValues: Sendable, Equatable {
  /// Draws a frame around the picture and the frame's number into it, so that an operator can identify the output.
  public var identifiesOutput: Bool

  public init(identifiesOutput: Bool = false) {
    self.identifiesOutput = identifiesOutput
  }
}
