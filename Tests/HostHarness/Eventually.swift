/// Asks again until the answer is yes, at most for `bound`.
///
/// - Throws: ``WaitFailure`` when it stays no, or what the last question threw.
package func eventually(
  within bound: Duration = .seconds(10), _ what: String = "it", _ isTrue: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + bound
  repeat {
    if try await isTrue() { return }
    try await Task.sleep(for: .milliseconds(10))
  } while ContinuousClock.now < deadline
  throw WaitFailure(what: what, bound: bound)
}

package struct WaitFailure: Error, CustomStringConvertible {
  package var what: String
  package var bound: Duration

  package init(what: String, bound: Duration) {
    self.what = what
    self.bound = bound
  }

  package var description: String { "\(what) did not come to be within \(bound)" }
}
