import HealthReporting
import LiveRuntime

extension HealthTelemetry {
  /// Counts the mutations of a batch by what became of them.
  func count(_ mutations: [Mutation], isPerformed: Bool) {
    for mutation in mutations { countMutations(isPerformed ? MutationFate(mutation.mutationClass) : .refused) }
  }
}

extension MutationFate {
  fileprivate init(_ mutationClass: MutationClass) {
    self =
      switch mutationClass {
      case .durable: .durable
      case .committedLive: .committedLive
      case .transient: .transient
      case .renderLocal: .renderLocal
      }
  }
}
