/// How waiting for a store ended. Every waiter gets exactly one answer.
public enum StoreWait: Sendable, Equatable {
  /// The sequence is durable. `generation` holds it or a newer one; nil if nothing was ever stored, so that there was
  /// nothing to wait for.
  case stored(generation: Int64?)
  /// The sequence was not stored in time. It stays accepted and unsaved.
  case timedOut
  /// The writer ended before the sequence was stored.
  case stopped
  /// Too many callers are waiting already.
  case refused
}
