public import GenerationStore
public import PersistenceMessages

/// What happens to a session besides storing, for a journal.
public enum SessionEvent: Sendable {
  /// A generation was marked as proven, or could not be.
  case proven(Int64, MarkFailure?)
  /// Something was lost at this start, or at an earlier one and nobody has acknowledged it.
  case lossFound(LossRecord)
  /// A search that ended after the start found generations again.
  case adopted(newest: Int64, count: Int)
  case lossAcknowledged(LossRecord)
}
