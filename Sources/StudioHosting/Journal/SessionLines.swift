import Documents
import DurableSessions
import GenerationStore
import PersistenceMessages
import StudioState

extension SessionEvent {
  /// The journal's event.
  var name: String {
    switch self {
    case .proven: "persistence.proven"
    case .lossFound: "recovery.loss"
    case .adopted: "recovery.adopted"
    case .lossAcknowledged: "recovery.acknowledged"
    }
  }

  var data: JSONValue {
    switch self {
    case .proven(let generation, let failure):
      ["generation": .int(generation), "error": failure.map { .string($0.description) } ?? .null]
    case .lossFound(let record), .lossAcknowledged(let record): record.json
    case .adopted(let newest, let count): ["generation": .int(newest), "count": .int(Int64(count))]
    }
  }
}
