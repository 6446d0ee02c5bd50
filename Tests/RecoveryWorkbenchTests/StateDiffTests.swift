import Documents
import RecoveryWorkbench
import StudioState
import Testing

private let base = sampleState(layers: 3)

private struct Case: Sendable {
  var name: String
  var to: StudioState
  var paths: [String]
}

private let cases = [
  Case(name: "nothing", to: base, paths: []),
  Case(name: "equal but not identical", to: sampleState(layers: 3), paths: []),
  Case(name: "a parameter", to: base.setting("layer-2", mix: 0.75), paths: ["layers.layer-2.parameters.mix"]),
  Case(name: "a setting", to: base.changed { $0.config.frameRate = 50 }, paths: ["config.frameRate"]),
  Case(name: "a moved layer", to: base.changed { $0.layers.move(layerID("layer-1"), to: 2) }, paths: ["layers"]),
  Case(name: "a removed layer", to: base.changed { $0.layers.remove(layerID("layer-1")) }, paths: ["layers.layer-1"]),
  Case(
    name: "an added layer at the bottom", to: base.changed { $0.layers.insert(sampleLayer("new"), at: 0) },
    paths: ["layers.new"]),
  Case(name: "a lost package", to: base.changed { $0.packages = .empty }, paths: ["packages.plasma"]),
  Case(
    name: "a moved and changed layer",
    to: base.setting("layer-1", mix: 0.75).changed { $0.layers.move(layerID("layer-1"), to: 2) },
    paths: ["layers", "layers.layer-1.parameters.mix"]),
]

@Test(arguments: cases.indices)
func differencesAreNamedByPath(index: Int) {
  let row = cases[index]
  #expect(StateDiff.changes(from: base, to: row.to).map(\.path) == row.paths, "\(row.name)")
}

@Test(arguments: cases.indices)
func theWayBackHasTheSamePathsWithValuesSwapped(index: Int) {
  let there = StateDiff.changes(from: base, to: cases[index].to)
  let back = StateDiff.changes(from: cases[index].to, to: base)
  #expect(back == there.map { StateChange($0.path, before: $0.after, after: $0.before) })
}

@Test func aChangeTellsBothValues() {
  let changes = StateDiff.changes(from: base, to: base.setting("layer-2", mix: 0.75))
  #expect(changes.map(\.json) == [["path": "layers.layer-2.parameters.mix", "before": 0.5, "after": 0.75]])
}

@Test func anOrderIsToldWithAllLayers() {
  let changes = StateDiff.changes(from: base, to: base.changed { $0.layers.move(layerID("layer-1"), to: 2) })
  #expect(changes.first?.before == ["layer-1", "layer-2", "layer-3"])
  #expect(changes.first?.after == ["layer-2", "layer-3", "layer-1"])
}
