import Testing

@testable import ControlIngress

private typealias Book = ConnectionBook<Int>

/// Four places, three of them for one address at most, and one more socket for `/healthz`.
private func book() -> Book {
  Book(.init(connections: 4, perAddress: 3, reserved: 1, patience: .seconds(5)))
}

/// What happens to a connection, one step a second.
private enum Step {
  /// The connection that gives way; nil when none has to.
  case opens(Int, from: String, evicting: Int? = nil)
  case isRefused(Int, from: String)
  case begins(Int)
  case receives(Int)
  case ends(Int)
  case closes(Int)
  case admits(Int, Bool)
}

private func run(_ steps: [Step], sourceLocation: SourceLocation = #_sourceLocation) {
  var book = book()
  for (second, step) in steps.enumerated() {
    let now = Duration.seconds(second)
    switch step {
    case .opens(let id, let address, let victim):
      let admission = book.open(id, from: address, now: now)
      #expect(admission == .admitted(evicting: victim), "step \(second)", sourceLocation: sourceLocation)
    case .isRefused(let id, let address):
      #expect(book.open(id, from: address, now: now) == .refused, "step \(second)", sourceLocation: sourceLocation)
    case .begins(let id): book.begin(id, now: now)
    case .receives(let id): book.receive(id)
    case .ends(let id): book.end(id, now: now)
    case .closes(let id): book.close(id)
    case .admits(let id, let isAdmitted):
      #expect(book.admits(id) == isAdmitted, "step \(second)", sourceLocation: sourceLocation)
    }
  }
  #expect(book.count <= 5, sourceLocation: sourceLocation)
}

private let three: [Step] = [.opens(1, from: "a"), .opens(2, from: "a"), .opens(3, from: "a")]
private let full: [Step] = three + [.opens(4, from: "b"), .opens(5, from: "b")]

@Test func whenAllPlacesAreTakenTheOldestIdleConnectionGivesWay() {
  run(full + [.opens(6, from: "c", evicting: 1), .opens(7, from: "c", evicting: 2)])
}

@Test func aConnectionThatWasUsedIsNotTheOldest() {
  run(full + [.begins(1), .receives(1), .ends(1), .opens(6, from: "c", evicting: 2)])
}

@Test func aRequestThatIsBeingAnsweredNeverGivesWay() {
  run(full + [.begins(1), .receives(1), .opens(6, from: "c", evicting: 2)])
}

@Test func anAddressWithItsShareOfPlacesPaysForItsNextOne() {
  run(three + [.opens(4, from: "a", evicting: 1), .opens(5, from: "b")])
}

@Test func theRequestsOfOneAddressAreBounded() {
  run(
    three + [.begins(1), .begins(2), .begins(3), .admits(3, true), .opens(4, from: "a"), .begins(4)]
      + [.admits(4, false), .opens(5, from: "b"), .begins(5), .admits(5, false), .ends(4), .admits(5, true)])
}

@Test func beyondThePlacesForRequestsOnlyHealthIsAnswered() {
  run(
    full + [.begins(1), .begins(2), .begins(3), .begins(4), .admits(4, true), .begins(5), .admits(5, false)]
      + [.ends(2), .admits(5, true)])
}

@Test func aSlowBodyGivesWayOnlyAfterItsPatienceAndOnlyWhenNothingIsIdle() {
  let busy: [Step] = full + [.begins(1), .begins(2), .begins(3), .receives(3), .begins(4), .begins(5)]
  // Connection 1 has begun at second 5, and it is second 11 now.
  run(busy + [.opens(6, from: "c", evicting: 1)])
  let later: [Step] = full + [.begins(3), .receives(3), .begins(4), .receives(4), .begins(5), .receives(5)]
  run(later + [.begins(1), .begins(2), .isRefused(6, from: "c"), .isRefused(6, from: "c"), .admits(1, false)])
}

@Test func whenEveryConnectionIsBeingAnsweredANewOneIsRefused() {
  let busy = (1...5).flatMap { [Step.begins($0), .receives($0)] }
  run(full + busy + [.isRefused(6, from: "c"), .closes(2), .opens(6, from: "c")])
}

@Test func aClosedConnectionLeavesNothingBehind() {
  run(
    (1...20).flatMap { [Step.opens($0, from: "a"), .begins($0), .closes($0), .closes($0), .ends($0)] } + three
      + [.begins(1), .admits(1, true)])
}

@Test func endingTwiceCountsOnce() {
  run(three + [.begins(1), .begins(1), .ends(1), .ends(1), .begins(2), .begins(3), .begins(1), .admits(1, true)])
}
