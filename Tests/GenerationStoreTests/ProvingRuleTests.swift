import GenerationStore
import Testing

private let nanosecond = Duration.nanoseconds(1)

@Test func aGenerationIsProvenAfterItsTimeAndNotBefore() {
  var rule = ProvingRule(provingTime: .seconds(30))
  #expect(rule.look(at: 7, now: .seconds(100)) == nil)
  #expect(rule.look(at: 7, now: .seconds(130) - nanosecond) == nil)
  #expect(rule.look(at: 7, now: .seconds(130)) == 7)
  rule.noteProven(7)
  #expect(rule.look(at: 7, now: .seconds(900)) == nil)
}

@Test func aShowThatAlwaysChangesIsProvenAllTheSame() {
  var rule = ProvingRule(provingTime: .seconds(30))
  var proven: [Int64] = []
  for second in 0..<200 {
    let current = Int64(second / 2 + 1)
    if let due = rule.look(at: current, now: .seconds(second)) {
      proven.append(due)
      rule.noteProven(due)
    }
  }
  // Each candidate was on air when its time began, and the next one begins when it is proven.
  #expect(proven == [1, 16, 31, 46, 61, 76])
}

@Test func aGenerationThatWasReplacedAtOnceProvesNothing() {
  var rule = ProvingRule(provingTime: .seconds(30))
  _ = rule.look(at: 1, now: .zero)
  _ = rule.look(at: 2, now: ProvingRule.leastTimeOnAir - nanosecond)
  #expect(rule.look(at: 2, now: .seconds(30)) == nil)
  #expect(rule.look(at: 2, now: .seconds(31)) == 2)
}

@Test func aMarkThatFailedIsTriedAgainAfterAnotherProvingTime() {
  var rule = ProvingRule(provingTime: .seconds(30))
  _ = rule.look(at: 1, now: .zero)
  #expect(rule.look(at: 1, now: .seconds(30)) == 1)
  rule.noteFailed(at: .seconds(30))
  #expect(rule.look(at: 1, now: .seconds(60) - nanosecond) == nil)
  #expect(rule.look(at: 1, now: .seconds(60)) == 1)
}

@Test func aGenerationThatWasPrunedMakesRoomForTheNextCandidate() {
  var rule = ProvingRule(provingTime: .seconds(30))
  _ = rule.look(at: 1, now: .zero)
  _ = rule.look(at: 2, now: .seconds(20))
  #expect(rule.look(at: 2, now: .seconds(30)) == 1)
  rule.noteGone()
  #expect(rule.look(at: 2, now: .seconds(49)) == nil)
  #expect(rule.look(at: 2, now: .seconds(50)) == 2)
}

/// After a failover the current generation may belong to the other folder.
@Test func aCurrentGenerationThatIsNotInTheRingIsNotAskedForAgain() {
  var rule = ProvingRule(provingTime: .seconds(30))
  _ = rule.look(at: 10, now: .zero)
  #expect(rule.look(at: 10, now: .seconds(30)) == 10)
  rule.noteGone()
  for second in 31..<200 { #expect(rule.look(at: 10, now: .seconds(second)) == nil) }
  #expect(rule.look(at: 11, now: .seconds(200)) == nil)
  #expect(rule.look(at: 11, now: .seconds(230)) == 11)
}

/// A dark recovered show is asked about again, and does not keep a later one from being proven.
@Test func aHeldGenerationIsAskedForAgainAndGivesWayToALaterOne() {
  var rule = ProvingRule(provingTime: .seconds(30))
  #expect(rule.look(at: 4, now: .seconds(0)) == nil)
  #expect(rule.look(at: 4, now: .seconds(30)) == 4)
  rule.noteHeld(at: .seconds(30))
  #expect(rule.look(at: 4, now: .seconds(59)) == nil)
  #expect(rule.look(at: 4, now: .seconds(60)) == 4)
  #expect(rule.look(at: 5, now: .seconds(61)) == 4)
  rule.noteHeld(at: .seconds(61))
  #expect(rule.look(at: 5, now: .seconds(90)) == nil)
  #expect(rule.look(at: 5, now: .seconds(91)) == 5)
}
