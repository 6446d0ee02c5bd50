import Concurrency
import Testing

private func expect(
  _ drained: ([Int], UInt64), _ elements: [Int], dropped: Int, _ location: SourceLocation = #_sourceLocation
) {
  #expect(drained.0 == elements, sourceLocation: location)
  #expect(drained.1 == UInt64(dropped), sourceLocation: location)
}

@Test func aFullQueueDropsItsOldestElementsAndCountsThem() {
  var queue = BoundedQueue<Int>(capacity: 3, whenFull: .dropOldest)
  for number in 1...5 { queue.append(number) }
  #expect(queue.count == 3)
  expect(queue.drain(), [3, 4, 5], dropped: 2)
}

@Test func aDrainedQueueBeginsFromScratch() {
  var queue = BoundedQueue<Int>(capacity: 2, whenFull: .dropOldest)
  for number in 1...3 { queue.append(number) }
  _ = queue.drain()
  expect(queue.drain(), [], dropped: 0)
  for number in 4...5 { queue.append(number) }
  expect(queue.drain(), [4, 5], dropped: 0)
}

@Test func aFullQueueThatRefusesKeepsWhatItHolds() {
  var queue = BoundedQueue<Int>(capacity: 2, whenFull: .refuse)
  let taken = [1, 2, 3, 4].map { queue.append($0) }
  #expect(taken == [true, true, false, false])
  expect(queue.drain(), [1, 2], dropped: 0)
  let isTaken = queue.append(5)
  #expect(isTaken)
}

@Test(arguments: 1...5) func theNewestElementsComeInOrderHoweverOftenTheQueueWraps(capacity: Int) {
  for length in 0...17 {
    var queue = BoundedQueue<Int>(capacity: capacity, whenFull: .dropOldest)
    for number in 0..<length { queue.append(number) }
    expect(queue.drain(), Array((0..<length).suffix(capacity)), dropped: max(0, length - capacity))
  }
}

@Test func eachSubscriberOfABroadcastHasAQueueOfItsOwn() throws {
  let broadcast = Broadcast<Int>()
  let short = try #require(broadcast.subscribe(capacity: 1))
  let long = try #require(broadcast.subscribe(capacity: 10))
  for number in 1...3 { broadcast.publish(number) }
  expect(short.drain(), [3], dropped: 2)
  expect(long.drain(), [1, 2, 3], dropped: 0)
  short.cancel()
  broadcast.publish(4)
  expect(short.drain(), [], dropped: 0)
  expect(long.drain(), [4], dropped: 0)
}

@Test func anEventWithoutSubscribersIsNeverMade() {
  let broadcast = Broadcast<Int>()
  var made = 0
  func event() -> Int {
    made += 1
    return made
  }
  broadcast.publish(event())
  #expect(made == 0)
}
