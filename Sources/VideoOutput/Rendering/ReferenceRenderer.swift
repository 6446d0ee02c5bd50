public import RenderSnapshots
import StudioState

/// Draws render snapshots on the CPU at the reference size (``FrameSize/reference(forOutput:)``).
///
/// It replaces a GPU: its pictures are for the preview, for tests and for the simulated output. The picture depends
/// only on snapshot, number and time. The renderer has no state, so any thread may use it.
public enum ReferenceRenderer {
  /// Most layers that are drawn, counted from the top; lower ones are omitted. The most expensive layer takes 0.4 to
  /// 0.9 ms at 320x180 on the 2-core development machine, so a frame takes at most half of the 16.7 ms of 60 frames per
  /// second for any show. The stack itself may have ``LayerStack/maximumCount`` layers.
  public static let maximumDrawnLayers = 8

  /// - Parameters:
  ///   - number: the frame's number, which is drawn into the picture when the output is identified.
  ///   - time: the show's time at this frame, ISF's TIME.
  public static func render(_ snapshot: RenderSnapshot, frame number: Int64, time: Duration) -> VideoFrame {
    let output = FrameSize(width: snapshot.config.outputWidth, height: snapshot.config.outputHeight)
    let size = FrameSize.reference(forOutput: output)
    let scene = KernelScene(size: size, seconds: time / .seconds(1))
    let passes = passes(of: snapshot.layers, in: scene)
    var row = [Pixel](repeating: .black, count: size.width)
    var scratch = row
    var pixels: [Pixel] = []
    pixels.reserveCapacity(size.width * size.height)
    for line in 0..<size.height {
      for column in row.indices { row[column] = .black }
      for pass in passes { pass.draw(line, on: &row, scratch: &scratch) }
      pixels += row
    }
    if snapshot.local.identifiesOutput { OutputIdentification.draw(number, on: &pixels, size) }
    return VideoFrame(number: number, snapshotNumber: snapshot.number, size: size, pixels: pixels)
  }

  /// The layers to draw, bottom to top, without invisible layers and without those below a layer that covers the
  /// picture.
  private static func passes(of layers: LayerStack, in scene: KernelScene) -> [LayerPass] {
    var passes: [LayerPass] = []
    for layer in layers.reversed() where layer.isEnabled {
      let opacity = byte(layer.opacity)
      guard opacity > 0 else { continue }
      let pass = LayerPass(kernel: makeKernel(for: layer, in: scene), opacity: opacity, blendMode: layer.blendMode)
      passes.append(pass)
      if pass.coversAll || passes.count == maximumDrawnLayers { break }
    }
    return passes.reversed()
  }
}

/// One layer in one frame.
private struct LayerPass {
  let kernel: any LayerKernel
  let opacity: UInt8
  let blendMode: BlendMode

  /// Whether it hides everything below it.
  var coversAll: Bool { kernel.isOpaque && opacity == 255 && blendMode == .normal }

  func draw(_ line: Int, on row: inout [Pixel], scratch: inout [Pixel]) {
    var below = row.mutableSpan
    guard !coversAll else { return kernel.fill(&below, line: line) }
    var own = scratch.mutableSpan
    kernel.fill(&own, line: line)
    blendMode.lay(own.span, opacity: opacity, over: &below)
  }
}
