import LiveRuntime
import PersistenceMessages
import PersistencePipeline
import Synchronization

// The loops that are timed: free functions in a file of their own, because a closure in a main file would carry checks
// for the main actor that cost more than what is measured. They measure their thread's own time: none of them ever waits.

/// The floor of a request: an atomic addition and a load, as a program would count events. Nanoseconds for both.
func timeAtomicAddAndLoad(_ rounds: Int) -> Double {
  let counter = Atomic<UInt64>(0)
  var sum: UInt64 = 0
  let start = Stopwatch.threadNanoseconds
  for _ in 0..<rounds {
    counter.wrappingAdd(1, ordering: .releasing)
    sum &+= counter.load(ordering: .acquiring)
  }
  let result = Stopwatch.perRound(ofThreadSince: start, rounds)
  precondition(sum > 0, "the loop was done")
  return result
}

/// Requests, each with the sequence after the one before. The first sequence is `first`.
func request<Store>(_ writer: PersistenceWriter<Store>, first: UInt64, _ rounds: Int) {
  var request = PersistenceRequest(
    target: .runtimeState, reason: "parameter.set", actor: "benchmark", sequence: first)
  for round in 0..<rounds {
    request.sequence = first + UInt64(round)
    writer.request(request)
  }
}

/// Nanoseconds of one request.
func timeRequests<Store>(_ writer: PersistenceWriter<Store>, first: UInt64, _ rounds: Int) -> Double {
  let start = Stopwatch.threadNanoseconds
  request(writer, first: first, rounds)
  return Stopwatch.perRound(ofThreadSince: start, rounds)
}

func perform(_ batches: [[Mutation]], _ coordinator: RuntimeCoordinator) throws(MutationRejection) {
  for batch in batches { try coordinator.perform(batch, actor: "benchmark", now: .zero) }
}

/// Nanoseconds of one accepted mutation, published, its storing requested.
func timeMutations(
  _ coordinator: RuntimeCoordinator, _ batches: [[Mutation]]
) throws(MutationRejection) -> Double {
  let start = Stopwatch.threadNanoseconds
  try perform(batches, coordinator)
  return Stopwatch.perRound(ofThreadSince: start, batches.count)
}

/// The same by the array of structs.
func timeChanges(_ peer: ArrayOfStructs, _ changes: [BenchmarkShow.Change]) -> Double {
  let start = Stopwatch.threadNanoseconds
  for change in changes { precondition(peer.perform(change), "every change fits") }
  return Stopwatch.perRound(ofThreadSince: start, changes.count)
}

/// The same by the nested trees.
func timeChanges(_ peer: NestedTrees, _ changes: [BenchmarkShow.Change]) -> Double {
  let start = Stopwatch.threadNanoseconds
  for change in changes { precondition(peer.perform(change), "every change fits") }
  return Stopwatch.perRound(ofThreadSince: start, changes.count)
}
