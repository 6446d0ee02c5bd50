import Documents
public import StudioState

/// The changes that turn one state into another.
///
/// Pure; any thread: HTTP answers use it too. Layers are identified by their ids, not by their positions, so that
/// moving a layer is one change of the order and not a change of all layers above it.
public enum StateDiff {
  /// Sorted by path, bytewise; the order of the layers first among them.
  public static func changes(from: StudioState, to: StudioState) -> [StateChange] {
    var changes: [StateChange] = []
    compareOrder(from.layers, to.layers, &changes)
    for layer in from.layers {
      // A layer that both states share costs one comparison.
      if let other = to.layers[layer.id], other === layer { continue }
      compare(layer.json, to.layers[layer.id]?.json, at: path(of: layer.id), &changes)
    }
    for layer in to.layers where from.layers[layer.id] == nil {
      compare(nil, layer.json, at: path(of: layer.id), &changes)
    }
    compare(from.config.json, to.config.json, at: "config", &changes)
    comparePackages(from.packages, to.packages, &changes)
    return changes.sorted { CanonicalJSON.precedes($0.path, $1.path) }
  }

  private static func path(of layer: LayerID) -> String { "layers.\(layer.rawValue)" }

  /// Compares only those that are in both: an addition or removal is a separate change.
  private static func compareOrder(_ from: LayerStack, _ to: LayerStack, _ changes: inout [StateChange]) {
    let before = from.map(\.id).filter { to[$0] != nil }
    let after = to.map(\.id).filter { from[$0] != nil }
    guard before != after else { return }
    let whole = { (stack: LayerStack) in JSONValue.array(stack.map { .string($0.id.rawValue) }) }
    changes.append(StateChange("layers", before: whole(from), after: whole(to)))
  }

  /// A package is one change: its header is one file to the operator.
  private static func comparePackages(
    _ from: PackageCatalog, _ to: PackageCatalog, _ changes: inout [StateChange]
  ) {
    let ids = Set(from.packages.map(\.id)).union(to.packages.map(\.id))
    for id in ids where from[id] != to[id] {
      changes.append(StateChange("packages.\(id.rawValue)", before: from[id]?.header, after: to[id]?.header))
    }
  }

  /// Compares objects member by member; other values, including lists, as a whole. A value that is missing on one side
  /// is one change.
  private static func compare(
    _ before: JSONValue?, _ after: JSONValue?, at path: String, _ changes: inout [StateChange]
  ) {
    guard before != after else { return }
    guard let old = before?.objectValue, let new = after?.objectValue else {
      changes.append(StateChange(path, before: before, after: after))
      return
    }
    let newByName = Dictionary(new.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let oldNames = Set(old.map(\.name))
    for member in old { compare(member.value, newByName[member.name], at: "\(path).\(member.name)", &changes) }
    for member in new where !oldNames.contains(member.name) {
      compare(nil, member.value, at: "\(path).\(member.name)", &changes)
    }
  }
}
