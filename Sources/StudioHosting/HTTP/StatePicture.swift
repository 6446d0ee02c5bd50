import RenderSnapshots
import StudioState
import VideoOutput

/// A state as a picture, for the page's list of generations.
enum StatePicture {
  /// At the show's first moment, so that pictures of different generations differ by their states alone.
  @Sendable static func png(of state: StudioState) -> [UInt8]? {
    let snapshot = RenderSnapshot(number: 0, sequence: 0, layers: state.layers, config: state.config)
    return PNGEncoder.encode(ReferenceRenderer.render(snapshot, frame: 0, time: .zero))
  }
}
