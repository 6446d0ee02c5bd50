/// How waiting for a store ended. Every waiter gets exactly one answer.
public enum StoreWait: Sendable, Equatable {
  /// The sequence is durable. `generation` holds it or a newer one; nil when nothing was ever stored, and so nothing was
  /// waited for.
  case stored(generation: Int64?)
  /// It was not stored in time. It stays accepted and unsaved.
  case timedOut
  /// The writer ended before it was stored.
  case stopped
  /// Too many callers wait already.
  case refused
}
