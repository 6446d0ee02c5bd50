import StudioState
import Testing

private func layer(_ number: Int, opacity: Double = 1) -> Layer {
  guard let id = LayerID("layer-\(number)"), let package = PackageID("solid") else { preconditionFailure("bad id") }
  return Layer(id: id, name: "Layer \(number)", package: package, opacity: opacity)
}

private func stack(_ count: Int) -> LayerStack { LayerStack((0..<count).map { layer($0) }) }

/// A small deterministic generator (SplitMix64), so that a failure repeats.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Test(arguments: 1...20)
func aStackBehavesLikeAPlainArray(seed: UInt64) {
  var random = Seeded(state: seed)
  var stack = LayerStack()
  var model: [Layer] = []
  for step in 0..<400 {
    switch Int.random(in: 0..<5, using: &random) {
    case 0, 1:
      let position = Int.random(in: 0...model.count, using: &random)
      stack.insert(layer(step), at: position)
      model.insert(layer(step), at: position)
    case 2 where !model.isEmpty:
      let position = Int.random(in: 0..<model.count, using: &random)
      stack.remove(model[position].id)
      model.remove(at: position)
    case 3 where !model.isEmpty:
      let from = Int.random(in: 0..<model.count, using: &random)
      let to = Int.random(in: 0..<model.count, using: &random)
      stack.move(model[from].id, to: to)
      model.insert(model.remove(at: from), at: to)
    default:
      guard let old = model.randomElement(using: &random), let position = stack.position(of: old.id) else { continue }
      let new = old.with(opacity: Double.random(in: 0...1, using: &random))
      stack.replace(new)
      model[position] = new
    }
  }
  #expect(Array(stack) == model)
}

@Test(arguments: 1...20)
func theChangedLayersAreThoseThatDiffer(seed: UInt64) {
  var random = Seeded(state: seed)
  let before = stack(200)
  var after = before
  var changed = Set<LayerID>()
  for _ in 0..<Int.random(in: 0...12, using: &random) {
    let number = Int.random(in: 0..<200, using: &random)
    after.replace(layer(number, opacity: 0.5))
    changed.insert(layer(number).id)
  }
  after.insert(layer(900), at: 3)
  changed.insert(layer(900).id)
  #expect(Set(after.layersChanged(since: before).map(\.id)) == changed)
}

@Test func aHeldStackNeverChanges() {
  let held = stack(100)
  var changed = held
  changed.replace(layer(5, opacity: 0))
  changed.remove(layer(7).id)
  changed.move(layer(9).id, to: 0)
  #expect(held == stack(100))
}

@Test func onlyARearrangementChangesTheOrder() {
  let before = stack(50)
  var after = before
  after.replace(layer(5, opacity: 0))
  #expect(after.hasSameOrder(as: before))
  after.move(layer(5).id, to: 0)
  #expect(!after.hasSameOrder(as: before))
}
