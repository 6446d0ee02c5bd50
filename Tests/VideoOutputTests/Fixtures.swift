import RenderSnapshots
import StudioState
import Synchronization
import Testing

@testable import VideoOutput

/// Time that advances only when a test moves it, or during a sleep.
final class ManualPacing: OutputPacing {
  private let time: Mutex<Duration>

  init(_ start: Duration = .seconds(1000)) {
    time = Mutex(start)
  }

  var now: Duration { time.withLock { $0 } }

  func sleep(until deadline: Duration) {
    time.withLock { $0 = max($0, deadline) }
  }

  func advance(by duration: Duration) {
    time.withLock { $0 += duration }
  }
}

/// Small, so that a test without optimisation is quick.
let smallConfig = RuntimeConfig(frameRate: 60, outputWidth: 64, outputHeight: 36)

func layer(
  _ package: String, id: String = "a", enabled: Bool = true, opacity: Double = 1, blendMode: BlendMode = .normal,
  _ parameters: [(name: String, value: ParameterValue)] = []
) throws -> Layer {
  Layer(
    id: try #require(LayerID(id)), name: id, package: try #require(PackageID(package)), isEnabled: enabled,
    opacity: opacity, blendMode: blendMode, parameters: ParameterTable(parameters))
}

/// A layer of one colour, channels 0 to 255.
func solid(
  _ id: String, _ red: Double, _ green: Double, _ blue: Double, alpha: Double = 255, enabled: Bool = true,
  opacity: Double = 1, blendMode: BlendMode = .normal
) throws -> Layer {
  let colour = ParameterValue.color(red / 255, green / 255, blue / 255, alpha / 255)
  return try layer("solid", id: id, enabled: enabled, opacity: opacity, blendMode: blendMode, [("colour", colour)])
}

func snapshot(
  _ layers: [Layer], number: UInt64 = 1, config: RuntimeConfig = smallConfig, identifiesOutput: Bool = false
) -> RenderSnapshot {
  RenderSnapshot(
    number: number, sequence: number, layers: LayerStack(layers), config: config,
    local: RenderLocalValues(identifiesOutput: identifiesOutput))
}

func picture(_ layers: [Layer], at time: Duration = .zero) -> VideoFrame {
  ReferenceRenderer.render(snapshot(layers), frame: 0, time: time)
}
