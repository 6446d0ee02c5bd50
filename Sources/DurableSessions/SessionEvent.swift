public import GenerationStore
public import PersistenceMessages

/// An event of a session other than storing, for a journal.
public enum SessionEvent: Sendable {
  /// A generation was marked as proven, or could not be.
  case proven(Int64, MarkFailure?)
  /// A loss of this start, or of an earlier one, that is not acknowledged.
  case lossFound(LossRecord)
  /// A search that ended after the start has found generations.
  case adopted(newest: Int64, count: Int)
  case lossAcknowledged(LossRecord)
}
