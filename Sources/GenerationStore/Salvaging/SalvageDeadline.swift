import PersistenceMessages

/// The time at which a salvage gives up, because a show waits for it. Checked between pages and generations.
package struct SalvageDeadline: Sendable {
  private let isOver: @Sendable () -> Bool

  package static let never = SalvageDeadline { false }

  private init(isOver: @escaping @Sendable () -> Bool) {
    self.isOver = isOver
  }

  /// - Parameter now: monotonic time.
  package init(within budget: Duration, now: @escaping @Sendable () -> Duration) {
    let end = now() + budget
    self.init { now() >= end }
  }

  func check() throws(StoreFailure) {
    guard isOver() else { return }
    throw StoreFailure(
      .busy, "The salvage of the damaged database takes longer than a start may wait",
      remedy: "It goes on in the background.")
  }
}
