import LiveRuntime
import StudioState

/// A batch for the coordinator, and its required result by the rules of docs/architecture.md, stated independently of
/// the code.
struct PlannedMutation {
  enum Expectation {
    /// Accepted, with one request.
    case durable
    /// Accepted, without a request and without a change of the durable state.
    case silent
    /// Refused, and nothing changed.
    case refused
  }

  var mutations: [Mutation]
  var expectation: Expectation
  var isForced: Bool

  init(_ mutations: [Mutation], _ expectation: Expectation = .durable, forced isForced: Bool = false) {
    self.mutations = mutations
    self.expectation = expectation
    self.isForced = isForced
  }

  var name: String { mutations.map(\.actionName).joined(separator: " + ") }
}

/// A value that crashes the host soon after a start with it, for the crash-loop guard.
enum Poison {
  static let opacity = 0.666

  static func isIn(_ state: StudioState) -> Bool {
    state.layers.contains { $0.opacity == opacity && $0.isEnabled }
  }
}
