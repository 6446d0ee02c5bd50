import Documents
import GenerationStore
import Studio
import StudioState

/// Compares a suspect generation with the newest proven one, to find the layer that causes a crash loop.
struct Suspicion {
  /// The newest proven generation; nil if there is none, or none that can be read.
  var proven: Int64?
  var changes: [StateChange] = []

  init(of suspect: LoadedGeneration, in reader: GenerationReader) throws {
    guard let newest = try reader.list().first(where: \.isProven)?.generation,
      let loaded = try? reader.load(newest)
    else { return }
    proven = newest
    changes = StateDiff.changes(from: loaded.state, to: suspect.state)
  }

  /// Null if there is no generation to compare with.
  var json: JSONValue { proven == nil ? .null : .array(changes.map { .string($0.path) }) }

  /// Ids of the layers that differ.
  var layers: [String] {
    changes.reduce(into: []) { names, change in
      if let layer = change.layer, !names.contains(layer) { names.append(layer) }
    }
  }

  var lines: [String] {
    guard let proven else { return ["suspect, and there is no proven generation to compare it with"] }
    guard !changes.isEmpty else {
      return ["suspect, and nothing differs from generation \(proven), the newest proven one"]
    }
    let names = layers.isEmpty ? "no layer" : "layer \(layers.joined(separator: ", "))"
    return ["suspect; what differs from generation \(proven), the newest proven one: \(names)"]
      + Workbench.lines(changes)
  }
}
