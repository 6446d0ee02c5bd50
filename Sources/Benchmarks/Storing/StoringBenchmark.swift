import Concurrency
import Documents
import DurableFiles
import GenerationStore
import PersistenceMessages
import Studio
import StudioState

/// G3: storing one changed parameter of 10,000 through the real store, beside replacing a file that holds the whole show.
struct StoringBenchmark {
  /// More than six keyframes, so that their share is seen.
  private static let stores = 200

  private struct Figures {
    var times: [Double] = []
    var bytes: [Double] = []

    mutating func note(_ time: Double, _ bytes: Int) {
      times.append(time)
      self.bytes.append(Double(bytes))
    }
  }

  private var plain = Figures()
  private var keyframes = Figures()
  private var files = Figures()
  /// The encoding that a whole-file save does as well.
  private var encodings: [Double] = []

  static func measure() throws -> Section {
    var benchmark = StoringBenchmark()
    try benchmark.run()
    return benchmark.section
  }

  /// Stores and replaces in turn, in one folder, so that both meet the same moods of the disk.
  private mutating func run() throws {
    let folder = try ScratchFolder()
    let show = try BenchmarkShow(layers: 250)
    let store = try GenerationStore.open(StoreOptions.studio(folder: folder.path))
    var state = show.state
    _ = try store.store(Self.snapshot(state, 1), requests: 1)
    for (number, change) in show.changes(Self.stores).enumerated() {
      guard let layer = state.layers[change.layer] else { continue }
      var table = layer.parameters
      _ = table.replace(change.parameter, with: change.value)
      state.layers.replace(layer.with(parameters: table))
      try timeStore(store, Self.snapshot(state, UInt64(number) + 2))
      try timeFile("\(folder.path)/show.json", state)
    }
    try store.close()
  }

  private mutating func timeStore(_ store: GenerationStore, _ snapshot: PersistenceSnapshot) throws {
    let before = bytesWritten() ?? 0
    let start = MonotonicClock.nanoseconds
    let stored = try store.store(snapshot, requests: 1)
    let time = Stopwatch.perRound(since: start, 1)
    let bytes = (bytesWritten() ?? 0) - before
    if stored.isKeyframe { keyframes.note(time, bytes) } else { plain.note(time, bytes) }
  }

  private mutating func timeFile(_ path: String, _ state: StudioState) throws {
    let encoding = MonotonicClock.nanoseconds
    let bytes = CanonicalJSON.encode(state.json(sequence: 0))
    encodings.append(Stopwatch.perRound(since: encoding, 1))
    let before = bytesWritten() ?? 0
    let start = MonotonicClock.nanoseconds
    try DurableFile.replace(path, with: bytes)
    files.note(Stopwatch.perRound(since: start, 1), (bytesWritten() ?? 0) - before)
  }

  private static func snapshot(_ state: StudioState, _ sequence: UInt64) -> PersistenceSnapshot {
    PersistenceSnapshot(
      state: state,
      request: PersistenceRequest(
        target: .runtimeState, reason: "parameter.set", actor: "benchmark", sequence: sequence),
      requestCount: sequence)
  }

  private var section: Section {
    var section = Section("G3", "storing one changed parameter of 10,000 (bytes: all that was handed to write calls)")
    let byteShare = plain.bytes.median / files.bytes.median
    let timeShare = plain.times.median / files.times.median
    section.note("a store: bytes", figure(bytes: plain.bytes.median))
    section.note("peer: whole-file replace: bytes", figure(bytes: files.bytes.median))
    section.judge("bytes against the peer's", share(byteShare), "at most 1/20", isMet: byteShare <= 1.0 / 20)
    section.note("a store: time", figure(nanoseconds: plain.times.median))
    section.note("peer: whole-file replace, without encoding: time", figure(nanoseconds: files.times.median))
    section.judge("time against the peer's", figure(times: timeShare), "at most 0.7 times", isMet: timeShare <= 0.7)
    section.note("the peer's encoding besides", figure(nanoseconds: encodings.median))
    section.note("a keyframe, every 32 stores: time", figure(nanoseconds: keyframes.times.median))
    section.note("a keyframe: bytes", figure(bytes: keyframes.bytes.median))
    let all = (plain.bytes + keyframes.bytes).reduce(0, +) / Double(plain.bytes.count + keyframes.bytes.count)
    section.note("mean with keyframes and checkpoints: bytes", figure(bytes: all))
    return section
  }

  private func share(_ ratio: Double) -> String {
    "1/\(Int((1 / ratio).rounded()))"
  }
}
