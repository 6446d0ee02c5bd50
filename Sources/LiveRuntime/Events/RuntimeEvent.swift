public import PersistenceMessages
public import StudioState

/// What happened in the runtime, for those who watch: the journal, event streams, tests.
public enum RuntimeEvent: Sendable {
  /// Mutations were accepted as one.
  case mutated(sequence: UInt64, actions: [String], actor: String)
  /// They, or a settling, are to be stored.
  case runtimePersistenceRequested(PersistenceRequest)
  /// Live values of so many layers settled.
  case settled(layers: Int)

  /// The event's name in the journal and in event streams.
  public var name: String {
    switch self {
    case .mutated: "runtime.mutated"
    case .runtimePersistenceRequested: "persistence.requested"
    case .settled: "runtime.settled"
    }
  }

  /// The event's data, as it stands in the journal and in event streams.
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
