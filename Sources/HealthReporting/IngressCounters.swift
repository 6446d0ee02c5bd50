import Synchronization

/// What the control surfaces count: one atomic addition each, from any thread.
final class IngressCounters: Sendable {
  struct Figures: Sendable, Equatable {
    /// Answered HTTP requests by the first digit of their status, 1 to 5.
    var requests: [UInt64] = [0, 0, 0, 0, 0]
    var mutations: [MutationFate: UInt64] = [:]
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

  /// A status beyond 100 to 599 is a bug of the server and counts as its error.
  func countRequest(status: Int) {
    switch status {
    case 100..<200: informational.add(1, ordering: .relaxed)
    case 200..<300: successful.add(1, ordering: .relaxed)
    case 300..<400: redirected.add(1, ordering: .relaxed)
    case 400..<500: clientErrors.add(1, ordering: .relaxed)
    default: serverErrors.add(1, ordering: .relaxed)
    }
  }

  func countMutations(_ fate: MutationFate, _ number: UInt64) {
    switch fate {
    case .durable: durable.add(number, ordering: .relaxed)
    case .committedLive: committedLive.add(number, ordering: .relaxed)
    case .transient: transient.add(number, ordering: .relaxed)
    case .renderLocal: renderLocal.add(number, ordering: .relaxed)
    case .refused: refused.add(number, ordering: .relaxed)
    }
  }

  var figures: Figures {
    Figures(
      requests: [
        informational.load(ordering: .relaxed), successful.load(ordering: .relaxed),
        redirected.load(ordering: .relaxed), clientErrors.load(ordering: .relaxed),
        serverErrors.load(ordering: .relaxed),
      ],
      mutations: [
        .durable: durable.load(ordering: .relaxed), .committedLive: committedLive.load(ordering: .relaxed),
        .transient: transient.load(ordering: .relaxed), .renderLocal: renderLocal.load(ordering: .relaxed),
        .refused: refused.load(ordering: .relaxed),
      ])
  }
}
