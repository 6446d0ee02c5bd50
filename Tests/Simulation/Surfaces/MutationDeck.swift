import BuiltInPackages
import Documents
import LiveRuntime
import PersistenceMessages
import StudioState

/// Draws mutations that fit the current show, or that must be refused.
struct MutationDeck {
  let view: RuntimeView
  var random: SeededRandom

  private static let names = ["a", "b", "c", "d", "e", "f"].compactMap { LayerID($0) }
  private static let unknown = LayerID("unknown")
  private static let plasma = PackageID("plasma")
  private static let maximumLayers = 8

  private var layers: LayerStack { view.durable.layers }
  private var someLayer: LayerID? {
    mutating get { layers.isEmpty ? nil : layers[position: random.below(layers.count)].id }
  }

  mutating func durable() -> PlannedMutation {
    guard let id = someLayer else { return PlannedMutation([addition() ?? config()]) }
    switch random.below(20) {
    case 0: return PlannedMutation([addition() ?? .setOpacity(id, random.fraction())])
    case 1: return PlannedMutation([layers.count > 1 ? .removeLayer(id) : .setEnabled(id, true)])
    case 2: return PlannedMutation([.moveLayer(id, to: random.below(layers.count))])
    case 3: return PlannedMutation([.renameLayer(id, "layer \(random.below(100))")])
    case 4: return PlannedMutation([.setEnabled(id, random.chance(0.5))])
    case 5: return PlannedMutation([.setBlendMode(id, random.pick(BlendMode.allCases))])
    case 6: return PlannedMutation([config()])
    case 7: return PlannedMutation([.storeLiveValues])
    case 8: return PlannedMutation([.setPackages(BuiltInPackages.catalog)])
    case 9: return PlannedMutation(bundle(id))
    default: return PlannedMutation([parameter(id) ?? .setOpacity(id, random.fraction())])
    }
  }

  /// What an operator does on purpose.
  mutating func operation() -> PlannedMutation {
    let demo = BuiltInPackages.demoState
    switch random.below(4) {
    case 0: return PlannedMutation([.loadPreset(name: "demo", demo)])
    // An import and not a rollback: a rollback to an equal state requests nothing.
    case 1: return PlannedMutation([.replaceState(demo, .import, reason: "import")], forced: true)
    case 2:
      guard let id = someLayer, let layer = layers[id] else { return PlannedMutation([config()], forced: true) }
      let earlier = StudioState(layers: LayerStack([layer.with(opacity: 0.5)]))
      return PlannedMutation([.restoreLayer(id, from: earlier, .import, reason: "import")], forced: true)
    default:
      var planned = durable()
      planned.isForced = true
      return planned
    }
  }

  mutating func silent() -> PlannedMutation {
    guard let id = someLayer else { return PlannedMutation([.identifyOutput(true)], .silent) }
    switch random.below(8) {
    case 0: return PlannedMutation([.clearLiveValues], .silent)
    case 1: return PlannedMutation([.identifyOutput(random.chance(0.5))], .silent)
    case 2: return PlannedMutation([.commitLive(id, .opacity, .double(random.fraction()))], .silent)
    case 3: return PlannedMutation([.commitLive(id, .enabled, .bool(random.chance(0.5)))], .silent)
    default:
      let count = random.within(1...3)
      let moves = (0..<count).map { _ in Mutation.automate(id, .opacity, .double(random.fraction())) }
      return PlannedMutation(moves, .silent)
    }
  }

  mutating func refused() -> PlannedMutation {
    guard let id = someLayer, let unknown = Self.unknown else {
      return PlannedMutation([.setConfig(["unheard": .bool(true)])], .refused)
    }
    let wrong: Mutation =
      switch random.below(8) {
      case 0: .setOpacity(id, .nan)
      case 1: .setOpacity(id, 1.5)
      case 2: .automate(id, .opacity, .double(.infinity))
      case 3: .setOpacity(unknown, 0.5)
      case 4: .moveLayer(id, to: layers.count)
      case 5: .setParameter(id, "unheard", .double(1))
      case 6: .setConfig(["frameRate": .double(1000)])
      default: .commitLive(id, .opacity, .string("half"))
      }
    // A batch is refused as a whole, even if earlier mutations in it are valid.
    return PlannedMutation(random.chance(0.5) ? [wrong] : bundle(id) + [wrong], .refused)
  }

  /// Gives a layer the value that crashes the host at its next start.
  mutating func poison() -> PlannedMutation {
    guard let id = someLayer else { return durable() }
    return PlannedMutation([.setOpacity(id, Poison.opacity)], forced: true)
  }

  /// Durable and silent ones together, as an OSC bundle may hold them.
  private mutating func bundle(_ id: LayerID) -> [Mutation] {
    [
      .automate(id, .opacity, .double(random.fraction())), .setOpacity(id, random.fraction()),
      .setEnabled(id, random.chance(0.8)),
    ]
  }

  private mutating func parameter(_ id: LayerID) -> Mutation? {
    guard layers[id]?.package == Self.plasma else { return nil }
    return .setParameter(id, random.chance(0.5) ? "mix" : "speed", .double(random.fraction()))
  }

  private mutating func addition() -> Mutation? {
    guard layers.count < Self.maximumLayers, let package = Self.plasma,
      let id = Self.names.first(where: { layers[$0] == nil }), let definition = view.durable.packages[package]
    else { return nil }
    let layer = Layer(id: id, name: "added", package: package, parameters: definition.defaults)
    return .addLayer(layer, at: random.below(layers.count + 1))
  }

  private mutating func config() -> Mutation {
    random.chance(0.3)
      ? .setConfig(["oscSettledValues": .string(random.chance(0.5) ? "durable" : "session")])
      : .setConfig(["frameRate": .double(Double(random.within(24...60)))])
  }
}
