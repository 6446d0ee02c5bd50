import CSQLite
import Synchronization

/// Fails the nth call of a kind, once or from there on: SQLite's own way of testing.
package final class FaultInjector: Sendable {
  private let state = Mutex(State())

  private struct State {
    var kind = FileCall.Kind.write
    /// Counts calls of the kind since it was armed, from 1; nil: nothing fails.
    var number: Int?
    var isSticky = false
    var fault = FileFault(code: SQLITE_IOERR)
    var calls = 0
    var hits = 0
  }

  package init() {}

  /// How many calls were failed since it was armed.
  package var hits: Int { state.withLock { $0.hits } }

  package func arm(_ kind: FileCall.Kind, number: Int, isSticky: Bool, _ fault: FileFault) {
    state.withLock { $0 = State(kind: kind, number: number, isSticky: isSticky, fault: fault) }
  }

  /// From here on every call goes through; the count of hits stays.
  package func lift() {
    state.withLock { $0.number = nil }
  }

  /// For ``ObservedVFS``. There are no pauses: a lock that fails for good is met at once.
  package func observe(_ call: FileCall) -> FileFault? {
    if call.kind == .sleep { return FileFault(code: SQLITE_BUSY) }
    return state.withLock { state in
      guard let number = state.number, call.kind == state.kind else { return nil }
      state.calls += 1
      guard state.calls == number || state.isSticky && state.calls > number else { return nil }
      state.hits += 1
      return state.fault
    }
  }
}
