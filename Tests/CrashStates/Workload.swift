import DurableFiles
import GenerationStore
import PersistenceMessages
import SQLiteConnection
import Studio
import StudioState
import TestVFS

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The kind of a workload.
enum WorkloadKind: String, Sendable, CaseIterable {
  case plain
  /// The power fails in the middle of a step, and storing continues from one of its images.
  case powerLosses
  /// Processes end uncleanly again and again, so that most starts find a log.
  case crashes
  /// Syncs report errors.
  case failingSyncs
  /// Stores of more than a megabyte, so that the log is checkpointed while it is in use.
  case large
}

/// What a workload left behind for the crash states.
struct Recording: Sendable {
  var kind: WorkloadKind
  var seed: UInt64
  var events: [DiskEvent]
  /// What the database must hold after each step, if that has happened.
  var outcomes: [ExpectedShow]
  /// By sequence.
  var states: [UInt64: StudioState]
  /// As of each step; nil for a step that stored nothing.
  var marks: [HeadMark?]
}

struct WorkloadFailure: Error, CustomStringConvertible {
  var description: String
}

/// Stores through the real GenerationStore, in steps that a seed determines, and tracks the expected content.
final class Workload {
  static let ring = 4
  static let keyframeInterval: Int64 = 5

  private let kind: WorkloadKind
  private let seed: UInt64
  private let folder: ImageFolder
  private let durability: Durability
  private let renewal: DiskRecorder.Replacement
  private let recorder = DiskRecorder()
  private let vfs: ObservedVFS
  private var random: SplitMix64

  private var store: GenerationStore?
  private var state: StudioState
  private var sequence: UInt64 = 0
  private var run: Int64 = 0
  /// What the database must hold now.
  private var show = ExpectedShow()
  /// By step; a step that a power loss undid keeps its number, and its outcome.
  private var outcomes: [ExpectedShow] = []
  private var states: [UInt64: StudioState] = [:]
  private var marks: [HeadMark?] = []
  /// Where the last step began, among the events.
  private var lastStep = 0

  init(
    _ kind: WorkloadKind, seed: UInt64, in folder: ImageFolder, _ durability: Durability,
    _ renewal: DiskRecorder.Replacement
  ) {
    self.kind = kind
    self.seed = seed
    self.folder = folder
    self.durability = durability
    self.renewal = renewal
    let recorder = recorder
    vfs = ObservedVFS { recorder.observe($0) }
    random = SplitMix64(seed)
    state = SampleShow.state(layers: kind == .large ? 10 : 4, textBytes: Self.textBytes(kind))
  }

  /// Of a layer.
  private static func textBytes(_ kind: WorkloadKind) -> Int { kind == .large ? 110_000 : 300 }

  func record() throws -> Recording {
    // The salts of the logs, so that the same seed gives the same images.
    ObservedVFS.seedRandomness(Int32(truncatingIfNeeded: seed & 0xFFFF) + 1)
    folder.fill(with: [:])
    try open()
    for _ in 0..<(kind == .large ? 8 : 14) { try act() }
    try close()
    ObservedVFS.seedRandomness(0)
    return Recording(
      kind: kind, seed: seed, events: recorder.events, outcomes: outcomes, states: states, marks: marks)
  }

  // Opening and closing.

  private func open() throws {
    let generation = try reopened().head?.generation
    try step { store, show in
      run = try store.beginRun(generation: generation)
      show.beginRun()
    }
  }

  private func reopened() throws -> GenerationStore {
    store = nil
    var options = StoreOptions.studio(folder: folder.path) { 1_763_890_560_123 }
    options.vfs = vfs.name
    let (recorder, renewal) = (recorder, renewal)
    options.replaceFile = { path, bytes in
      let name = String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
      let (succeeds, isSeen) = recorder.replace(name, with: bytes, renewal)
      return Result { () throws(FileFailure) in
        if isSeen { try DurableFile.replace(path, with: bytes) }
        if !succeeds { throw FileFailure(path: path, call: "fsync", code: EIO) }
      }
    }
    options.durability = durability
    options.retention = RetentionPolicy(newest: Self.ring, hourly: 0, daily: 0)
    options.keyframeInterval = Self.keyframeInterval
    if kind == .failingSyncs, random.chance(0.5) { recorder.failSync(passing: Int.random(in: 0..<10, using: &random)) }
    let opened = GenerationStore.openOrQuarantine(options)
    // As the worker goes on: it rests until the database is open.
    for _ in 0..<5 where opened.store.facts.trouble?.code == .io { opened.store.rest(idleFor: .zero) }
    recorder.takeBackFailure()
    if let failure = opened.store.facts.trouble { throw WorkloadFailure(description: "\(failure)") }
    if let restored = opened.restored {
      guard restored.rung == .newest else { throw WorkloadFailure(description: "restored as \(restored.rung)") }
      state = restored.state
    }
    store = opened.store
    return opened.store
  }

  private func close() throws {
    try step { store, show in
      try store.endRun(run, ending: .clean)
      show.endRun()
    }
    try store?.close()
    store = nil
  }

  // Steps.

  /// One call that changes what the database holds, with the show that is there afterwards.
  private func step(_ body: (GenerationStore, inout ExpectedShow) throws -> Void) throws {
    guard let store else { throw WorkloadFailure(description: "the store is closed") }
    let number = outcomes.count
    lastStep = recorder.count
    recorder.note(.began(step: number))
    marks.append(nil)
    try body(store, &show)
    recorder.note(.acknowledged(step: number))
    outcomes.append(show)
  }

  private func act() throws {
    let stored = show.generations
    switch Int.random(in: 0..<20, using: &random) {
    case 0: try pin(stored.randomElement(using: &random))
    case 1: try prove(stored.last)
    case 2, 3: store?.rest(idleFor: .seconds(3))
    case 4: store?.rest(idleFor: .zero)
    case 5:
      try close()
      try open()
    case 6:
      // The process ends uncleanly.
      store = nil
      try open()
    case 7...9 where kind == .powerLosses: try losePower()
    case 7...11 where kind == .crashes:
      store = nil
      try open()
    case 7...10 where kind == .failingSyncs: try storeOverFailingSync()
    case 8: try storeNext(changing: Array(state.layers.indices))
    default: try storeNext(changing: [Int.random(in: 0..<max(1, state.layers.count), using: &random)])
    }
  }

  private func pin(_ generation: ExpectedShow.Generation?) throws {
    guard let generation, show.generations.count(where: { $0.pin != nil }) < 3 else { return }
    try step { store, show in
      if generation.pin == nil {
        try store.pin(generation.number, label: "pin-\(generation.number)")
        show.update(generation.number) { $0.pin = "pin-\(generation.number)" }
      } else {
        try store.unpin(generation.number)
        show.update(generation.number) { $0.pin = nil }
      }
    }
  }

  private func prove(_ generation: ExpectedShow.Generation?) throws {
    guard let generation else { return }
    try step { store, show in
      try store.markProven(generation.number)
      show.update(generation.number) { $0.isProven = true }
    }
  }

  /// The next snapshot: texts changed, now and then with a layer more or less.
  private func nextSnapshot(changing positions: [Int]) -> PersistenceSnapshot {
    sequence += UInt64.random(in: 1...3, using: &random)
    let bytes = Self.textBytes(kind)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: SampleShow.add(Int.random(in: 0..<12, using: &random), textBytes: bytes, to: &state)
    case 1: SampleShow.remove(Int.random(in: 0..<12, using: &random), from: &state)
    default: break
    }
    SampleShow.change(positions, to: "text of sequence \(sequence)", textBytes: bytes, in: &state)
    states[sequence] = state
    return PersistenceSnapshot(
      state: state,
      request: PersistenceRequest(target: .runtimeState, reason: "test", actor: "workload", sequence: sequence),
      requestCount: sequence)
  }

  private func storeNext(changing positions: [Int]) throws {
    let snapshot = nextSnapshot(changing: positions)
    try step { store, show in note(try store.store(snapshot, requests: 1), &show) }
  }

  private func note(_ stored: StoredGeneration, _ show: inout ExpectedShow) {
    show.store(stored.generation, sequence: stored.sequence, ring: Self.ring)
    marks[marks.count - 1] = HeadMark(
      generation: stored.generation, sequence: stored.sequence, storedAtUnixMs: stored.storedAtUnixMs)
  }

  /// As the writer's worker goes on after a failure: the same snapshot again, with rests in between.
  private func storeOverFailingSync() throws {
    let snapshot = nextSnapshot(changing: [0])
    let failsAtRest = random.chance(0.3)
    try step { given, show in
      var store = given
      recorder.failSync(passing: random.chance(0.3) ? 1 : 0)
      if failsAtRest { store.rest(idleFor: .seconds(3)) }
      var lastError: (any Error)?
      for _ in 0..<5 {
        do {
          note(try store.store(snapshot, requests: 1), &show)
          recorder.takeBackFailure()
          return
        } catch {
          lastError = error
          if random.chance(0.5) { store.rest(idleFor: .seconds(1)) }
          // The process ends after the failed sync, and the next one does not know of it.
          if random.chance(0.3) { store = try reopened() }
        }
      }
      throw lastError ?? WorkloadFailure(description: "nothing was stored")
    }
  }

  // Power losses.

  /// Cuts the record somewhere in the last step, leaves one of the images of that moment in the folder, and starts
  /// again.
  private func losePower() throws {
    store = nil
    let events = recorder.events
    guard lastStep < events.count else { return }
    let moment = Int.random(in: lastStep...events.count, using: &random)
    var disk = DiskModel()
    for event in events.prefix(moment) { disk.apply(event) }
    var variant = CrashVariant(Int.random(in: 0..<CrashVariant.count, using: &random), at: moment, seed: seed)
    let image = variant.image(of: disk)
    let progress = Progress(events.prefix(moment))
    folder.fill(with: image)
    recorder.losePower(after: moment, leaving: image)
    let found = folder.found
    let (must, may) = progress.shows(outcomes)
    guard found == must || found == may else {
      throw WorkloadFailure(description: "after a power loss at event \(moment): \(found)")
    }
    // From here on the content found is the expected content.
    if let step = progress.inFlight { recorder.note(found == may ? .acknowledged(step: step) : .abandoned(step: step)) }
    show = found
    try open()
  }
}

/// How far the steps had come.
struct Progress {
  /// The last one that was acknowledged.
  private(set) var acknowledged: Int?
  private(set) var inFlight: Int?

  init(_ events: some Sequence<DiskEvent> = []) {
    for event in events { apply(event) }
  }

  mutating func apply(_ event: DiskEvent) {
    switch event {
    case .began(let step): inFlight = step
    case .acknowledged(let step): (acknowledged, inFlight) = (step, nil)
    case .abandoned: inFlight = nil
    default: break
    }
  }

  /// What the database must hold at least, and what it may hold instead.
  func shows(_ outcomes: [ExpectedShow]) -> (must: ExpectedShow, may: ExpectedShow?) {
    (acknowledged.map { outcomes[$0] } ?? ExpectedShow(), inFlight.map { outcomes[$0] })
  }
}
