public import Documents
public import PersistenceMessages

/// An event of the runtime, for the journal, event streams and tests.
public enum RuntimeEvent: Sendable {
  /// A batch of mutations was accepted.
  case mutated(sequence: UInt64, actions: [String], actor: String)
  /// A batch or a settling requested persistence.
  case runtimePersistenceRequested(PersistenceRequest)
  /// Live values of this many layers settled.
  case settled(layers: Int)

  /// The event's name in the journal and in event streams.
  public var name: String {
    switch self {
    case .mutated: "runtime.mutated"
    case .runtimePersistenceRequested: "persistence.requested"
    case .settled: "runtime.settled"
    }
  }

  /// The event's data in the journal and in event streams.
  public var json: JSONValue {
    switch self {
    case .mutated(let sequence, let actions, let actor):
      [
        "sequence": .int(Int64(clamping: sequence)), "actions": .array(actions.map { .string($0) }),
        "actor": .string(actor),
      ]
    case .runtimePersistenceRequested(let request):
      [
        "sequence": .int(Int64(clamping: request.sequence)), "reason": .string(request.reason),
        "actor": .string(request.actor), "target": .string(request.target.rawValue),
      ]
    case .settled(let layers): ["layers": .int(Int64(layers))]
    }
  }
}
