import AllocationCount
import Concurrency
import Documents
import DurableFiles
import LiveRuntime
import PersistencePipeline
import StudioState

/// G2: an accepted durable mutation through the real coordinator, published to render and writer, its storing requested:
/// at three sizes of the show, beside two other structures of the state and beside the synchronous save.
struct MutationBenchmark {
  private static let sizes = [10, 100, 1000]
  private static let rounds = 1000
  private static let runs = 51
  private static let saves = 5

  private struct Subject {
    let show: BenchmarkShow
    let changes: [BenchmarkShow.Change]
    let batches: [[Mutation]]
    let runtime: BenchmarkRuntime<IdleStore>
    let structs: ArrayOfStructs
    let trees: NestedTrees
    var own: [Double] = []
    var structTimes: [Double] = []
    var treeTimes: [Double] = []
    var allocations: Int64 = 0

    init(layers: Int) throws {
      show = try BenchmarkShow(layers: layers)
      changes = show.changes(rounds)
      batches = changes.map { [.setParameter($0.layer, $0.parameter, $0.value)] }
      runtime = BenchmarkRuntime(show.state, policy: .pendingForever, store: IdleStore())
      structs = ArrayOfStructs(show.state)
      trees = NestedTrees(show.state)
    }

    /// One run of each, one after the other, so that a slow moment of the machine meets all of them.
    mutating func run() throws {
      let before = allocation_count()
      let time = try timeMutations(runtime.coordinator, batches)
      allocations = allocation_count() - before
      own.append(time)
      structTimes.append(timeChanges(structs, changes))
      treeTimes.append(timeChanges(trees, changes))
    }
  }

  static func measure(_ systemCalls: SystemCallReport?) throws -> Section {
    var subjects = try sizes.map { try Subject(layers: $0) }
    for _ in 0..<runs {
      for index in subjects.indices { try subjects[index].run() }
    }
    let save = try timeSaves(subjects[subjects.count - 1].show.state)
    var section = Section("G2", "an accepted durable mutation, published, its storing requested")
    for subject in subjects { note(subject, in: &section) }
    let (small, large) = (subjects[0], subjects[subjects.count - 1])
    let growth = large.own.median / small.own.median
    section.judge("1,000 layers against 10", figure(times: growth), "at most 2.5 times", isMet: growth <= 2.5)
    let gain = large.structTimes.median / large.own.median
    section.judge(
      "array of structs against it, 1,000 layers", figure(times: gain), "at least 10 times", isMet: gain >= 10)
    let treeGain = large.treeTimes.median / large.own.median
    section.note("nested trees against it, 1,000 layers", figure(times: treeGain))
    section.note("synchronous temp-file save, 1,000 layers", figure(nanoseconds: save))
    let relief = save / large.own.median
    section.judge("the save against it", figure(times: relief), "at least 1,000 times", isMet: relief >= 1000)
    section.judgeSystemCalls(systemCalls, .mutations, goal: "none but for memory")
    return section
  }

  private static func note(_ subject: Subject, in section: inout Section) {
    let layers = "\(grouped(subject.show.layers.count)) layers of \(BenchmarkShow.parametersPerLayer) parameters"
    let perMutation = Double(subject.allocations) / Double(rounds)
    section.note(
      "\(layers) (\(perMutation) allocations)", figure(nanoseconds: subject.own.median))
    section.note("  array of structs", figure(nanoseconds: subject.structTimes.median))
    section.note("  nested trees", figure(nanoseconds: subject.treeTimes.median))
  }

  /// Nanoseconds of what a mutation would wait for if it saved the show itself: the whole of it as JSON, in a file that is
  /// on disk when the call returns.
  private static func timeSaves(_ state: StudioState) throws -> Double {
    let folder = try ScratchFolder()
    var times: [Double] = []
    for save in 0..<saves {
      let start = MonotonicClock.nanoseconds
      try DurableFile.replace(
        "\(folder.path)/show.json", with: CanonicalJSON.encode(state.json(sequence: UInt64(save))))
      times.append(Stopwatch.perRound(since: start, 1))
    }
    return times.median
  }
}
