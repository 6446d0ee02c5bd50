import HealthReporting
import PersistenceMessages
import Testing

private let policy = HealthPolicy(maxDelay: .seconds(2))

@Test(arguments: [
  (Duration.milliseconds(250), Duration.seconds(10)), (.seconds(2), .seconds(10)), (.seconds(4), .seconds(12)),
  (.seconds(60), .seconds(180)),
])
func theBoundOnUnsavedAgeFollowsTheMaxDelay(maxDelay: Duration, bound: Duration) {
  #expect(HealthPolicy(maxDelay: maxDelay).unsavedBound == bound)
}

@Test(arguments: [PersistenceState.pending, .storing, .retrying, .failing])
func unsavedStateMakesTheHostUnhealthyJustBeyondTheBound(state: PersistenceState) {
  #expect(policy.isHealthy(status(state, unsaved: 1, age: .seconds(10))))
  #expect(!policy.isHealthy(status(state, unsaved: 1, age: .seconds(10) + .nanoseconds(1))))
}

@Test(arguments: [PersistenceState.readOnly, .stopped])
func aHostThatCanStoreNothingIsUnhealthyAtOnce(state: PersistenceState) {
  #expect(!policy.isHealthy(status(state)))
}

@Test func aSavedHostIsHealthyForever() {
  #expect(policy.isHealthy(status(.saved)))
}

@Test func aStoredStateThatIsOnNoDiskMakesTheHostUnhealthyAtOnce() {
  var facts = facts
  facts.isHomeless = true
  #expect(policy.isHealthy(status(.saved), facts), "it is being put back")
  facts.trouble = StoreFailure(.cannotOpen, "no folder", remedy: "Make it.")
  #expect(!policy.isHealthy(status(.saved), facts))
  #expect(policy.word(for: status(.saved), facts) == .unhealthy)
}

struct WordCase: Sendable {
  var status: PersistenceStatus?
  var word: HealthWord
}

@Test(arguments: [
  WordCase(status: nil, word: .starting),
  WordCase(status: status(.saved), word: .ok),
  WordCase(status: status(.pending, unsaved: 1, age: .seconds(1)), word: .ok),
  WordCase(status: status(.retrying, unsaved: 1, age: .seconds(1), lastFailure: failure(.busy)), word: .degraded),
  WordCase(status: status(.failing, unsaved: 1, age: .seconds(9), lastFailure: failure(.full)), word: .degraded),
  WordCase(status: status(.failing, unsaved: 1, age: .seconds(11), lastFailure: failure(.full)), word: .unhealthy),
  WordCase(status: status(.readOnly, unsaved: 1, age: .zero, lastFailure: failure(.readOnly)), word: .unhealthy),
  WordCase(status: status(.stopped), word: .stopped),
])
func theWordFollowsTheSameRule(row: WordCase) {
  #expect(policy.word(for: row.status) == row.word)
}
