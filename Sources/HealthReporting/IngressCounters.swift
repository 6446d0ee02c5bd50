import LiveRuntime
import Synchronization

/// Counters of the control surfaces: one atomic addition each, from any thread.
final class IngressCounters: Sendable {
  struct Figures: Sendable, Equatable {
    /// Answered HTTP requests by the first digit of their status, 1 to 5.
    var requests: [UInt64] = [0, 0, 0, 0, 0]
    /// Performed mutations by class.
    var performed: [MutationClass: UInt64] = [:]
    /// Mutations of refused batches.
    var refused: UInt64 = 0
  }

  private let informational = Atomic<UInt64>(0)
  private let successful = Atomic<UInt64>(0)
  private let redirected = Atomic<UInt64>(0)
  private let clientErrors = Atomic<UInt64>(0)
  private let serverErrors = Atomic<UInt64>(0)
  private let durable = Atomic<UInt64>(0)
  private let committedLive = Atomic<UInt64>(0)
  private let transient = Atomic<UInt64>(0)
  private let renderLocal = Atomic<UInt64>(0)
  private let refused = Atomic<UInt64>(0)

  /// A status outside 100 to 599 is a bug of the server and is counted as 5xx.
  func countRequest(status: Int) {
    switch status {
    case 100..<200: informational.count()
    case 200..<300: successful.count()
    case 300..<400: redirected.count()
    case 400..<500: clientErrors.count()
    default: serverErrors.count()
    }
  }

  func countMutations(_ mutations: [Mutation], isPerformed: Bool) {
    guard isPerformed else { return refused.count(mutations.count) }
    for mutation in mutations {
      switch mutation.mutationClass {
      case .durable: durable.count()
      case .committedLive: committedLive.count()
      case .transient: transient.count()
      case .renderLocal: renderLocal.count()
      }
    }
  }

  var figures: Figures {
    Figures(
      requests: [
        informational.load(ordering: .relaxed), successful.load(ordering: .relaxed),
        redirected.load(ordering: .relaxed), clientErrors.load(ordering: .relaxed),
        serverErrors.load(ordering: .relaxed),
      ],
      performed: [
        .durable: durable.load(ordering: .relaxed), .committedLive: committedLive.load(ordering: .relaxed),
        .transient: transient.load(ordering: .relaxed), .renderLocal: renderLocal.load(ordering: .relaxed),
      ], refused: refused.load(ordering: .relaxed))
  }
}

extension Atomic<UInt64> {
  fileprivate func count(_ more: Int = 1) {
    wrappingAdd(UInt64(clamping: more), ordering: .relaxed)
  }
}
