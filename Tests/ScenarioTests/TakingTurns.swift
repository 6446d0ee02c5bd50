import HostHarness
import Testing

/// A test that waits for its turn among those with hosts; each case of it does.
struct TakingTurns: TestTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    await Turns.take()
    defer { Turns.giveBack() }
    try await body()
  }
}

extension Trait where Self == TakingTurns {
  static var takingTurns: Self { TakingTurns() }
}
