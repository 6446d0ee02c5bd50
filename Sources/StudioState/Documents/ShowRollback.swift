public import Documents

/// A rollback of a show, whole or one layer: the state that it arrives at, and what its generation is called. Pure; the
/// host and the recovery tool use it, for a dry run as well as for the real one.
public struct ShowRollback: Sendable, Equatable {
  /// The generation that is rolled back to.
  public let generation: Int64
  /// Nil for the whole show.
  public let layer: LayerID?
  /// The state of that generation.
  public let target: StudioState

  /// Nil when that generation has no such layer.
  public init?(to generation: Int64, of target: StudioState, only layer: LayerID? = nil) {
    if let layer, target.layers[layer] == nil { return nil }
    self.generation = generation
    self.layer = layer
    self.target = target
  }

  /// As the new generation and the journal record it.
  public var reason: String {
    layer.map { "rollback of layer \($0) to generation \(generation)" } ?? "rollback to generation \(generation)"
  }

  /// - Throws: when `current` has no room for the layer.
  public func result(on current: StudioState) throws(StateRejection) -> StudioState {
    guard let layer else { return current.replaced(by: target) }
    return try current.restoring(layer, from: target)
  }

  /// `{"from","to","stored","dryRun"}`, as HTTP and the tool answer.
  ///
  /// - Parameters:
  ///   - from: the current generation before; nil when there is none.
  ///   - stored: the new generation; nil as long as there is none.
  public static func json(from: Int64?, to: Int64, stored: Int64?, isDryRun: Bool) -> JSONValue {
    [
      "from": from.map { .int($0) } ?? .null, "to": .int(to), "stored": stored.map { .int($0) } ?? .null,
      "dryRun": .bool(isDryRun),
    ]
  }
}
