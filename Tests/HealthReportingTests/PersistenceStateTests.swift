import PersistenceMessages
import Testing

struct StateCase: Sendable {
  var isStopped = false
  var isStoring = false
  var hasUnsaved = false
  var isHomeless = false
  var lastFailure: PersistenceObservation.FailureReport?
  var state: PersistenceState
}

@Test(arguments: [
  StateCase(state: .saved),
  StateCase(hasUnsaved: true, state: .pending),
  StateCase(isHomeless: true, state: .retrying),
  StateCase(isStoring: true, hasUnsaved: true, state: .storing),
  StateCase(hasUnsaved: true, lastFailure: failure(.busy), state: .retrying),
  StateCase(isStoring: true, hasUnsaved: true, lastFailure: failure(.busy, attempt: 2), state: .retrying),
  StateCase(hasUnsaved: true, lastFailure: failure(.full, attempt: 3), state: .retrying),
  StateCase(hasUnsaved: true, lastFailure: failure(.full, attempt: 4), state: .failing),
  StateCase(hasUnsaved: true, lastFailure: failure(.io, retryIn: nil), state: .failing),
  StateCase(hasUnsaved: true, lastFailure: failure(.readOnly), state: .readOnly),
  StateCase(hasUnsaved: true, lastFailure: failure(.newerSchema), state: .readOnly),
  StateCase(isStopped: true, hasUnsaved: true, lastFailure: failure(.io, attempt: 9), state: .stopped),
  StateCase(isStopped: true, state: .stopped),
])
func oneRuleGivesTheStatesWord(row: StateCase) {
  let state = PersistenceState(
    isStopped: row.isStopped, isStoring: row.isStoring, hasUnsaved: row.hasUnsaved, isHomeless: row.isHomeless,
    lastFailure: row.lastFailure)
  #expect(state == row.state)
}

@Test func unsavedRequestsAreNeverNegative() {
  var status = status(.saved)
  status.requestedSequence = 0
  #expect(status.unsavedRequests == 0 && !status.hasUnsaved)
}
