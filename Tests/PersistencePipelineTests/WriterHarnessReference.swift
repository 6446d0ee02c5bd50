/// Lets a store's script mutate the show in the middle of a store, as another thread would.
///
/// `@unchecked Sendable`: the script runs on the test's own thread, within `advance`.
final class WriterHarnessReference: @unchecked Sendable {
  private weak var harness: WriterHarness?
  private var hasMutated = false

  init(_ harness: WriterHarness) { self.harness = harness }

  func mutateOnce() {
    guard !hasMutated else { return }
    hasMutated = true
    harness?.mutate()
  }

  func standStill(_ duration: Duration) { harness?.standStill(duration) }

  var oldestUnsavedAge: Duration? { harness?.oldestUnsavedAge }
}
