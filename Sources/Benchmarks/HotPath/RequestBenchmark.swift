import AllocationCount
import PersistencePipeline

/// G1: what it costs to note a request while one is pending.
enum RequestBenchmark {
  private static let rounds = 200_000
  private static let runs = 51

  static func measure(_ systemCalls: SystemCallReport?) throws -> Section {
    let show = try BenchmarkShow(layers: 10)
    let runtime = BenchmarkRuntime(show.state, policy: .pendingForever, store: IdleStore())
    var (requests, floors) = ([Double](), [Double]())
    var sequence: UInt64 = 1
    var allocations: Int64 = 0
    for _ in 0..<runs {
      floors.append(timeAtomicAddAndLoad(rounds))
      let before = allocation_count()
      let time = timeRequests(runtime.writer, first: sequence, rounds)
      allocations += allocation_count() - before
      requests.append(time)
      sequence += UInt64(rounds)
    }
    var section = Section("G1", "PersistenceWriter.request while one is pending")
    section.judge(
      "one request", figure(nanoseconds: requests.median), "at most 10 ns", isMet: requests.median <= 10)
    section.note("floor: atomic addition and load", figure(nanoseconds: floors.median))
    section.judge(
      "allocations in \(grouped(rounds * runs)) requests", grouped(Int(allocations)), "none", isMet: allocations == 0)
    section.judgeSystemCalls(systemCalls, .requests, goal: "none")
    return section
  }
}
